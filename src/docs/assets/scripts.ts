/** Runs before the page is drawn, so that the chosen colours are there from the start. */
export const THEME_SCRIPT = `(() => {
  const page = document.documentElement;
  page.classList.add('js');
  try {
    const chosen = localStorage.getItem('orgql-theme');
    if (chosen === 'dark' || chosen === 'light') page.dataset.theme = chosen;
  } catch {}
})();
`;

/** Copying, colours and search: the three things that need a script. Everything else of a page works without. */
export const SITE_SCRIPT = `(() => {
  const page = document.documentElement;
  const said = document.getElementById('said');
  const say = (text) => {
    said.textContent = '';
    requestAnimationFrame(() => { said.textContent = text; });
  };

  // Copying: one listener for every button; the code stands right before it.
  const copyText = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {}
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'hidden';
    document.body.append(area);
    area.select();
    let worked = false;
    try { worked = document.execCommand('copy'); } catch {}
    area.remove();
    return worked;
  };
  document.addEventListener('click', async (event) => {
    const button = event.target instanceof Element ? event.target.closest('button.copy') : null;
    if (!button) return;
    const worked = await copyText(button.previousElementSibling.textContent);
    button.focus();
    say(worked ? 'Copied' : 'The browser did not let this page copy');
    if (!worked) return;
    button.classList.add('done');
    setTimeout(() => button.classList.remove('done'), 1500);
  });

  // Colours: what the system says, until the reader chooses.
  const theme = document.querySelector('button.theme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (page.dataset.theme ? page.dataset.theme === 'dark' : system.matches);
  const showTheme = () => theme.setAttribute('aria-pressed', String(isDark()));
  theme.addEventListener('click', () => {
    page.dataset.theme = isDark() ? 'light' : 'dark';
    try { localStorage.setItem('orgql-theme', page.dataset.theme); } catch {}
    showTheme();
  });
  system.addEventListener('change', showTheme);
  showTheme();

  // A narrow screen shows the content first.
  if (matchMedia('(max-width: 59.99rem)').matches) document.querySelector('.menu > details')?.removeAttribute('open');
  if (matchMedia('(max-width: 79.99rem)').matches) document.querySelector('.contents > details')?.removeAttribute('open');

  // Search: an index of names, loaded when the field is first used.
  const root = page.dataset.root;
  const field = document.getElementById('q');
  const found = document.getElementById('found');
  let index;
  let active = -1;
  const load = () => {
    index ??= new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = root + 'search-index.js';
      script.onload = () => resolve(window.orgqlSearchIndex);
      script.onerror = reject;
      document.head.append(script);
    });
    return index;
  };
  const words = (text) => text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^\\p{L}\\p{N}]+/u).filter(Boolean);
  const score = (entry, query, parts) => {
    const name = entry[1].toLowerCase();
    const where = entry[2].toLowerCase();
    const all = name + ' ' + where + ' ' + entry[0];
    let total = name === query ? 100 : where === query ? 95 : name.startsWith(query) ? 60 : 0;
    const inName = words(entry[1]);
    for (const part of parts) {
      if (inName.includes(part)) total += 30;
      else if (inName.some((word) => word.startsWith(part))) total += 20;
      else if (name.includes(part)) total += 10;
      else if (all.includes(part)) total += 4;
      else return 0;
    }
    return total + (entry[0] === 'resource' || entry[0] === 'page' ? 3 : 0) - name.length / 100;
  };
  const search = async (text) => {
    const query = text.trim().toLowerCase();
    const parts = words(text);
    if (parts.length === 0) return [];
    const entries = await load();
    return entries
      .map((entry) => ({ entry, value: score(entry, query, parts) }))
      .filter((hit) => hit.value > 0)
      .sort((a, b) => b.value - a.value)
      .slice(0, 20)
      .map((hit) => hit.entry);
  };
  const select = (position) => {
    const options = [...found.children].filter((item) => item.dataset.href);
    active = options.length === 0 ? -1 : (position + options.length) % options.length;
    options.forEach((item, at) => item.setAttribute('aria-selected', String(at === active)));
    if (active >= 0) {
      field.setAttribute('aria-activedescendant', options[active].id);
      options[active].scrollIntoView({ block: 'nearest' });
    } else field.removeAttribute('aria-activedescendant');
  };
  const close = () => {
    found.hidden = true;
    active = -1;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  };
  const show = async () => {
    const text = field.value;
    const hits = await search(text).catch(() => []);
    if (field.value !== text) return;
    if (text.trim() === '') { close(); return; }
    found.replaceChildren(...hits.map((entry, at) => {
      const item = document.createElement('li');
      item.id = 'found-' + at;
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', 'false');
      item.dataset.href = root + entry[3];
      item.textContent = entry[1];
      const about = document.createElement('small');
      about.textContent = entry[0] + (entry[2] ? ' of ' + entry[2] : '');
      item.append(about);
      return item;
    }));
    if (hits.length === 0) {
      const none = document.createElement('li');
      none.setAttribute('role', 'option');
      none.setAttribute('aria-selected', 'false');
      none.textContent = 'Nothing of this name';
      found.append(none);
    }
    found.hidden = false;
    active = -1;
    field.removeAttribute('aria-activedescendant');
    field.setAttribute('aria-expanded', 'true');
    say(hits.length === 0 ? 'Nothing found' : hits.length + ' found');
  };
  field.addEventListener('focus', () => { load().catch(() => {}); }, { once: true });
  field.addEventListener('input', show);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      select(event.key === 'ArrowDown' ? active + 1 : active <= 0 ? -1 : active - 1);
    } else if (event.key === 'Escape') close();
  });
  field.form.addEventListener('submit', (event) => {
    event.preventDefault();
    const options = [...found.children].filter((item) => item.dataset.href);
    const target = options[Math.max(active, 0)];
    if (target) location.href = target.dataset.href;
  });
  found.addEventListener('mousedown', (event) => event.preventDefault());
  found.addEventListener('click', (event) => {
    const item = event.target instanceof Element ? event.target.closest('li[data-href]') : null;
    if (item) location.href = item.dataset.href;
  });
  field.addEventListener('blur', close);
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    }
  });
  const asked = new URLSearchParams(location.search).get('q');
  if (asked) { field.value = asked; field.focus(); show(); }
})();
`;
