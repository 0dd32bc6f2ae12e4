export const FIRST_NAMES = [
  'Ada',
  'Björn',
  'Carla',
  'Dmitri',
  'Elif',
  'Femi',
  'Grace',
  'Hana',
  'Inès',
  'Jonas',
  'Kofi',
  'Lena',
  'Marek',
  'Noor',
  'Olga',
  'Priya',
  'Quentin',
  'Rosa',
  'Sven',
  'Tariq',
  'Uma',
  'Viktor',
  'Wanda',
  'Ximena',
  'Yusuf',
  'Zoë',
  'Łukasz',
] as const;
export const LAST_NAMES = [
  'Andersson',
  'Bianchi',
  'Castro',
  'Dubois',
  'Eriksen',
  'Fischer',
  'García',
  'Haddad',
  'Ito',
  'Jensen',
  'Kowalski',
  'Larsen',
  'Meyer',
  'Nakamura',
  "O'Brien",
  'Petrov',
  'Quinn',
  'Rossi',
  'Silva',
  'Tanaka',
  'Usman',
  'Varga',
  'Weber',
  'Xu',
  'Yılmaz',
] as const;
export const DEPARTMENTS = ['Engineering', 'Sales', 'Marketing', 'Finance', 'People', 'Support', 'Legal', 'Operations'] as const;
export const TITLES = [
  'Engineer',
  'Account manager',
  'Analyst',
  'Recruiter',
  'Intern',
  'Counsel',
  'Support agent',
  'Team lead',
  'Designer',
] as const;

/** A login in ASCII; `number` makes it the only one. */
export function loginOf(firstName: string, lastName: string, number: number, domain = 'example.com'): string {
  return `${ascii(firstName)}.${ascii(lastName)}${number === 0 ? '' : number}@${domain}`;
}

function ascii(name: string): string {
  return name
    .replace(/ı/g, 'i')
    .replace(/[Łł]/g, 'l')
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
}
