/** Tables that the constructs below read. */
export const FIXTURE = `
CREATE TABLE t (a INTEGER, b VARCHAR, c DOUBLE, d DATE, ts TIMESTAMP, j JSON, l INTEGER[], s STRUCT(x INTEGER, y VARCHAR), m MAP(VARCHAR, INTEGER));
INSERT INTO t VALUES
  (1, 'one', 1.5, '2024-01-01', '2024-01-01 10:00:00', '{"k":"v","n":5,"e":[1,2]}', [1, 2, 3], {'x': 1, 'y': 'p'}, MAP {'k': 1}),
  (2, 'two', 2.5, '2024-02-01', '2024-02-01 11:30:00', '{"k":"w","n":6,"e":[]}', [4, 5], {'x': 2, 'y': 'q'}, MAP {'k': 2}),
  (2, 'TWO', NULL, '2024-03-01', '2024-03-01 12:45:00', NULL, [], NULL, MAP {}),
  (NULL, 'it''s "é" 😀', -0.5, NULL, NULL, '{"k":null}', NULL, {'x': 3, 'y': NULL}, NULL);
CREATE TABLE u (a INTEGER, v VARCHAR, ts TIMESTAMP);
INSERT INTO u VALUES (1, 'x', '2024-01-01 09:00:00'), (2, 'y', '2024-02-01 09:00:00'), (3, 'z', '2024-03-01 09:00:00');
CREATE TABLE q (id INTEGER, year INTEGER, city VARCHAR, amount INTEGER, q1 INTEGER, q2 INTEGER);
INSERT INTO q VALUES (1, 2023, 'A', 10, 1, 2), (2, 2024, 'A', 20, 3, 4), (3, 2023, 'B', 30, 5, NULL), (4, 2024, 'B', 40, 7, 8);
CREATE SCHEMA "my schema";
CREATE TABLE "my schema"."select" ("from" INTEGER, "weird ""name" VARCHAR);
INSERT INTO "my schema"."select" VALUES (1, 'w');
`;

/** Constructs of the engine's SELECT, one per line, by chapter. */
export const CONSTRUCTS: Readonly<Record<string, string>> = {
  'numbers and text': `
SELECT 1, -1, 0, 2147483647, -2147483648, 2147483648, 9223372036854775807, -9223372036854775808
SELECT 9223372036854775808, 170141183460469231731687303715884105727, -170141183460469231731687303715884105728
SELECT 340282366920938463463374607431768211455::UHUGEINT
SELECT 340282366920938463463374607431768211456
SELECT 18446744073709551615::UBIGINT
SELECT 1.5, 0.1, .5, 5., 100.00, 1.10, -1.5, 12345678901234567890.123456789
SELECT 99999999999999999999999999999999999999, 0.00000000000000000000000000000000000001
SELECT 123456789012345678901234567890123456789.5
SELECT 1e0, 1e10, 1.5e-10, 1e308, 5e-324, 0.1e0, 1e22, 1e23, 123456789.123456789e0
SELECT 'NaN'::DOUBLE, 'Infinity'::DOUBLE, '-inf'::FLOAT, -0.0::DOUBLE, -0e0
SELECT 1_000_000, 1_0.5_0
SELECT '', 'a', 'it''s', 'a"b', 'back\\slash', 'tab	tab'
SELECT E'line\\nbreak\\ttab\\\\ \\x41 \\u00e9 \\''
SELECT $$dollar 'quoted'$$, $tag$a $$ b$tag$
SELECT 'é😀漢字', 'עברית', 'zero​width'
SELECT NULL, TRUE, FALSE, true AND NOT false
SELECT '\\xAA\\x00\\x41'::BLOB, 'abc'::BLOB, BLOB '\\x41'
SELECT '101010'::BIT, BIT '1'
SELECT DATE '2024-02-29', TIME '12:34:56.789', TIMESTAMP '2024-01-01 12:00:00.123456', TIMESTAMPTZ '2024-01-01 12:00:00+02'
SELECT TIMESTAMP_NS '2024-01-01 12:00:00.123456789', '12:00:00+02'::TIMETZ, '2024-01-01'::TIMESTAMP_S, '2024-01-01'::TIMESTAMP_MS
SELECT DATE 'infinity', DATE '-infinity', TIMESTAMP 'epoch'
SELECT INTERVAL 1 DAY, INTERVAL '1 year 2 months 3 days', INTERVAL '1' MONTH, INTERVAL (1 + 1) HOUR, INTERVAL '2.5 seconds', INTERVAL '-3' WEEK, -INTERVAL 3 WEEK, INTERVAL 1 YEAR
SELECT '4ac7a9e9-607c-4c8a-84f3-843f0191e3fd'::UUID, 'x'::ENUM('x', 'y'), '{"a": 1}'::JSON, JSON '[1]'
SELECT 1::TINYINT, 1::SMALLINT, 1::UTINYINT, 1::USMALLINT, 1::UINTEGER, 1::FLOAT, 1::REAL, 1::DECIMAL(10, 2), 1::NUMERIC, 1::HUGEINT
SELECT 123::VARCHAR, 'a'::CHAR(3), 'a'::TEXT, CAST('1' AS INTEGER), TRY_CAST('x' AS INTEGER)`,
  'nested values': `
SELECT [1, 2, 3], [], ['a', NULL], [[1], [2, 3]], ARRAY[1, 2], array_value(1, 2)
SELECT {'a': 1, 'b': {'c': 'x'}}, {a: 1}, row(1, 'x'), (1, 2), struct_pack(k := 1, "key two" := 2)
SELECT MAP {'a': 1, 'b': 2}, MAP {}, MAP([1, 2], ['x', 'y'])
SELECT l[1], l[-1], l[1:2], l[:2], l[2:], l[:], l[1:3:2], l[-2:-1] FROM t
SELECT s.x, s['y'], t.s.x, main.t.s.x, (s).x, s.* FROM t
SELECT m['k'], m['k'] + 1, element_at(m, 'k') FROM t
SELECT [1, 2]::BIGINT[], [1, 2]::INTEGER[2], {'a': 1}::STRUCT(a BIGINT), MAP {'a': 1}::MAP(VARCHAR, BIGINT)
SELECT union_value(num := 1), union_value(str := 'x')::UNION(str VARCHAR, i INTEGER)
SELECT unnest([1, 2, 3]), unnest({'a': 1, 'b': 2})
SELECT unnest([[1, 2], [3]], recursive := true)
SELECT [x + 1 FOR x IN [1, 2, 3]], [x FOR x IN [1, 2, 3] IF x > 1], [x + i FOR x, i IN [10, 20]]
SELECT list_transform([1, 2], lambda x: x + 1), list_filter([1, 2, 3], lambda x, i: x > i), list_reduce([1, 2, 3], lambda a, b: a + b)
SELECT list_transform([1, 2], x -> x + 1), list_filter([1, 2, 3], x -> x % 2 = 1), list_reduce([1, 2, 3], (a, b) -> a * b)
SELECT l.list_transform(lambda x: x * 2).list_sum(), b.upper().lower() FROM t
SELECT list_sort([3, 1], 'DESC'), list_aggregate([1, 2], 'sum'), [1, 2] || [3], list_contains(l, 2), 2 IN l FROM t
SELECT 1 IN [1, 2], 'a' NOT IN ['b'], ANY_VALUE(a) FROM t
SELECT a = ANY([1, 2]), a = ANY(l), a > ALL([0]), a <> ALL(SELECT 5) FROM t`,
  operators: `
SELECT 1 + 2 - 3 * 4 / 5 % 6, 7 // 2, 2 ** 3, 2 ^ 3, -(-1), +1, 5!, @(-5), ~1
SELECT (1 + 2) * 3, 1 + (2 * 3), 1 - (2 - 3), 8 / (4 / 2), -(2 ^ 2)
SELECT 1 & 3, 1 | 2, xor(1, 2), 1 << 3, 8 >> 1
SELECT 'a' || 'b' || 1, concat('a', NULL), 'a' || NULL
SELECT 1 = 1, 1 == 1, 1 <> 2, 1 != 2, 1 < 2, 1 <= 2, 2 > 1, 2 >= 1
SELECT a IS NULL, a IS NOT NULL, a ISNULL, a NOTNULL, a NOT NULL FROM t
SELECT (a = 1) IS TRUE, (a = 1) IS NOT TRUE, (a = 1) IS FALSE, (a = 1) IS NOT FALSE, (a = 1) IS UNKNOWN, (a = 1) IS NOT UNKNOWN FROM t
SELECT a IS DISTINCT FROM 1, a IS NOT DISTINCT FROM NULL FROM t
SELECT a BETWEEN 1 AND 2, a NOT BETWEEN 1 AND 1, a BETWEEN 0 AND 1 AND b = 'one' FROM t
SELECT a IN (1, 2), a NOT IN (1, 2), a IN (SELECT a FROM u), a NOT IN (SELECT 5), (a, b) IN ((1, 'one')), (a, b) IN (SELECT 1, 'one') FROM t
SELECT b LIKE 't%', b NOT LIKE 't%', b ILIKE 'T%', b NOT ILIKE 'T%', b LIKE '10!%' ESCAPE '!', b SIMILAR TO 't.*', b NOT SIMILAR TO 't.*', b GLOB 't*' FROM t
SELECT b ~ 't.*', b !~ 't.*', b ~~ 't%', b !~~ 't%', b ~~~ 't*', b ~~* 'T%', b !~~* 'T%' FROM t
SELECT a = 1 AND b = 'one' OR NOT c > 1 AND (a = 2 OR b = 'x') FROM t
SELECT NOT a = 1, NOT (a = 1 AND b = 'x'), NOT NOT true FROM t
SELECT CASE WHEN a = 1 THEN 'x' WHEN a = 2 THEN 'y' ELSE 'z' END, CASE a WHEN 1 THEN 'x' END, CASE WHEN true THEN 1 ELSE NULL END FROM t
SELECT COALESCE(a, 0), NULLIF(a, 1), IFNULL(a, 5), IF(a = 1, 'x', 'y'), GREATEST(1, 2), LEAST(1, 2) FROM t
SELECT b COLLATE NOCASE = 'TWO', b COLLATE NFC.NOACCENT FROM t
SELECT ts AT TIME ZONE 'UTC', TIMESTAMPTZ '2024-01-01 00:00:00+00' AT TIME ZONE 'America/New_York' FROM t
SELECT j->'k', j->>'k', j->'e'->0, j->>'$.n', (j->>'n')::INT + 1, j['k'], j.k FROM t
SELECT j->>'k' = 'v', j->>'k' IS NULL, j->>'k' LIKE 'v%', j->>'k' || 'x', j->>'k' IN ('v') FROM t
SELECT a = 1 AND j->>'k' = 'v', NOT j->>'k' = 'v', 'v' = j->>'k', b || (j->>'k'), a BETWEEN (j->>'n')::INT AND 10 FROM t WHERE a = 1
SELECT [1, 2] @> [1], [1] <@ [1, 2], [1, 2] && [2], [1.0, 2.0] <-> [3.0, 4.0], 'abc' ^@ 'a'
SELECT extract(year FROM d), date_part('month', d), d + INTERVAL 1 DAY, d - DATE '2024-01-01', ts - INTERVAL '1 hour', d + 5 FROM t
SELECT substring('abcdef' FROM 2 FOR 3), substring('abc', 2), position('b' IN 'abc'), trim('  x '), trim(BOTH 'x' FROM 'xax'), trim(LEADING FROM ' a')
SELECT now() IS NOT NULL, current_date IS NOT NULL, current_timestamp IS NOT NULL, localtime IS NOT NULL, today() = current_date
SELECT GROUPING(a), a FROM t GROUP BY GROUPING SETS ((a), ()) ORDER BY ALL
SELECT 1::INT::VARCHAR || 'x', (1 = 1)::INT, -1::INT, (-1)::VARCHAR, CAST(1 AS DECIMAL(4, 1))::VARCHAR
SELECT a::VARCHAR::JSON, to_json({'a': 1}), json_object('k', a), json_group_array(a) FROM t GROUP BY ALL ORDER BY ALL
SELECT (SELECT max(a) FROM u), (SELECT 1 WHERE false), EXISTS (SELECT 1 FROM u WHERE u.a = t.a), NOT EXISTS (FROM u WHERE u.a = t.a), ARRAY(SELECT a FROM u ORDER BY a) FROM t`,
  'select list': `
SELECT * FROM t
SELECT t.*, u.v FROM t JOIN u USING (a)
SELECT * EXCLUDE (j, l), a AS again FROM t
SELECT * EXCLUDE j FROM t
SELECT t.* EXCLUDE (a, b) FROM t
SELECT * EXCLUDE (t.a) FROM t JOIN u USING (ts)
SELECT * REPLACE (a + 1 AS a, upper(b) AS b) FROM t
SELECT * RENAME (a AS aa, b AS bb) FROM t
SELECT * EXCLUDE (j) REPLACE (a * 2 AS a) RENAME (b AS bb) FROM t
SELECT COLUMNS(*) FROM u
SELECT COLUMNS('a|v') FROM u
SELECT COLUMNS(lambda c: c LIKE 'a%') FROM u
SELECT COLUMNS(c -> c LIKE 'a%') FROM u
SELECT COLUMNS(* EXCLUDE (ts)) FROM u
SELECT COLUMNS(['a', 'v']) FROM u
SELECT min(COLUMNS(*)), max(COLUMNS('a')) FROM u
SELECT COLUMNS('(a)') AS '\\1_x' FROM u
SELECT coalesce(*COLUMNS(['a'])) FROM u
SELECT * LIKE 'a%' FROM u
SELECT * ILIKE 'A%' FROM u
SELECT * NOT LIKE 'a%' FROM u
SELECT * SIMILAR TO 'a|v' FROM u
SELECT a: a + 1, "b": b FROM t
SELECT a AS "select", a AS "two words", a "quoted", a AS 'text' FROM t
SELECT a x, x + 1 AS y, y * 2 AS z FROM t
SELECT t FROM t
SELECT u, row(u.a) FROM u
SELECT #1, #2 FROM u
SELECT DISTINCT a FROM t
SELECT ALL a FROM t
SELECT DISTINCT ON (a) a, b FROM t ORDER BY a, b
SELECT DISTINCT ON (a, v) * FROM u ORDER BY ALL
SELECT "from", "weird ""name", s."from" FROM "my schema"."select" s
SELECT rowid, a FROM u
SELECT 1 WHERE true`,
  from: `
FROM t
FROM t SELECT a
FROM t SELECT a WHERE a = 1
FROM (SELECT 1 AS x)
SELECT * FROM t, u
SELECT * FROM t AS x (p, q), u AS y
SELECT x.p FROM t x (p)
SELECT * FROM t JOIN u ON t.a = u.a
SELECT * FROM t INNER JOIN u USING (a)
SELECT * FROM t LEFT JOIN u ON t.a = u.a AND u.v <> 'x'
SELECT * FROM t LEFT OUTER JOIN u USING (a)
SELECT * FROM t RIGHT JOIN u ON t.a = u.a
SELECT * FROM t FULL OUTER JOIN u ON t.a = u.a
SELECT * FROM t FULL JOIN u USING (a)
SELECT * FROM t CROSS JOIN u
SELECT t.a, v FROM t NATURAL JOIN u
SELECT t.a, v FROM t NATURAL LEFT JOIN u
SELECT * FROM t SEMI JOIN u USING (a)
SELECT * FROM t SEMI JOIN u ON t.a = u.a AND v = 'x'
SELECT * FROM t ANTI JOIN u ON t.a = u.a
SELECT * FROM t POSITIONAL JOIN u
SELECT * FROM t ASOF JOIN u ON t.ts >= u.ts
SELECT * FROM t ASOF LEFT JOIN u ON t.a = u.a AND t.ts >= u.ts
SELECT * FROM t ASOF JOIN u USING (a, ts)
SELECT * FROM t JOIN (u x JOIN u y ON x.a = y.a) ON t.a = x.a
SELECT * FROM (t JOIN u ON t.a = u.a)
SELECT * FROM t, LATERAL (SELECT v FROM u WHERE u.a = t.a) x
SELECT * FROM t LEFT JOIN LATERAL (SELECT v FROM u WHERE u.a = t.a LIMIT 1) x ON true
SELECT * FROM t, (SELECT t.a + 1 AS n) x
SELECT t.a, e FROM t, unnest(t.l) AS x (e)
SELECT t.a, x.value FROM t, json_each(t.j, '$.e') x
SELECT * FROM range(3), range(1, 3) AS r (n), generate_series(1, 5, 2) g
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v (n, s)
SELECT * FROM (SELECT 1 AS x UNION ALL SELECT 2) y
SELECT * FROM main.u, memory.main.u AS u2
SELECT * FROM x: u, y: (SELECT 1 AS one)
SELECT * FROM (DESCRIBE t)
SELECT * FROM (SUMMARIZE u)
SELECT * FROM (SHOW TABLES)
SELECT column_name FROM (DESCRIBE SELECT 1 AS x)
SELECT * FROM (PIVOT q ON year IN (2023, 2024) USING sum(amount) GROUP BY city) ORDER BY ALL
SELECT * FROM t TABLESAMPLE 100%
SELECT * FROM t USING SAMPLE 10 ROWS
SELECT * FROM t USING SAMPLE reservoir(2 ROWS) REPEATABLE (42)
SELECT * FROM t USING SAMPLE 50 PERCENT (bernoulli, 7)
SELECT * FROM t TABLESAMPLE system(100%) REPEATABLE (1)
SELECT * FROM query_table('u')
FROM u AS x SELECT x.v WHERE x.a > 1
TABLE u
VALUES (1, 'a'), (2, 'b')
VALUES (1, 2) ORDER BY 1 LIMIT 1`,
  'grouping and windows': `
SELECT a, count(*), count(a), count(DISTINCT b), sum(c), avg(c) FROM t GROUP BY a ORDER BY ALL
SELECT a, b, count(*) FROM t GROUP BY ALL ORDER BY ALL
SELECT a % 2 AS p, count(*) FROM t GROUP BY p ORDER BY p
SELECT a, count(*) FROM t GROUP BY 1 HAVING count(*) > 1
SELECT count(*) FROM t HAVING count(*) > 1
SELECT city, year, sum(amount) FROM q GROUP BY GROUPING SETS ((city, year), (city), ()) ORDER BY ALL
SELECT city, year, sum(amount), GROUPING_ID(city, year) FROM q GROUP BY CUBE (city, year) ORDER BY ALL
SELECT city, year, sum(amount) FROM q GROUP BY ROLLUP (city, year) ORDER BY ALL
SELECT city, year, id, sum(amount) FROM q GROUP BY city, ROLLUP (year), CUBE (id) ORDER BY ALL
SELECT sum(amount) FROM q GROUP BY ()
SELECT string_agg(city, ',' ORDER BY id DESC), list(id ORDER BY amount DESC NULLS LAST), array_agg(DISTINCT city ORDER BY city) FROM q
SELECT count(*) FILTER (WHERE amount > 15), sum(amount) FILTER (WHERE city = 'A' AND id > 1) FROM q
SELECT quantile_cont(amount, 0.5), quantile_disc(amount, [0.25, 0.75]), percentile_cont(0.5) WITHIN GROUP (ORDER BY amount), mode() WITHIN GROUP (ORDER BY city) FROM q
SELECT arg_max(city, amount), first(id ORDER BY id), group_concat(city, '; '), bool_and(id > 0), histogram(city) FROM q
SELECT id, row_number() OVER (), rank() OVER (ORDER BY amount DESC), lag(amount, 1, 0) OVER (PARTITION BY city ORDER BY id), lead(amount) OVER (ORDER BY id) FROM q ORDER BY id
SELECT id, sum(amount) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), sum(amount) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) FROM q ORDER BY id
SELECT id, sum(amount) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING), count(*) OVER (ORDER BY year GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM q ORDER BY id
SELECT id, sum(amount) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW), sum(amount) OVER (ORDER BY year ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM q ORDER BY id
SELECT id, sum(amount) OVER (ORDER BY year RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP), sum(amount) OVER (ORDER BY id ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING EXCLUDE NO OTHERS) FROM q ORDER BY id
SELECT id, sum(amount) OVER w, avg(amount) OVER (w ROWS 1 PRECEDING) FROM q WINDOW w AS (PARTITION BY city ORDER BY id) ORDER BY id
SELECT id, first_value(q2 IGNORE NULLS) OVER (ORDER BY id), last_value(q2 RESPECT NULLS) OVER (ORDER BY id), nth_value(q2, 2) OVER (ORDER BY id) FROM q ORDER BY id
SELECT id, ntile(2) OVER (ORDER BY id), percent_rank() OVER (ORDER BY amount), cume_dist() OVER (ORDER BY amount), dense_rank() OVER (ORDER BY city) FROM q ORDER BY id
SELECT id, count(DISTINCT city) OVER (ORDER BY id), sum(amount) FILTER (WHERE id > 1) OVER (ORDER BY id), list(city ORDER BY id DESC) OVER () FROM q ORDER BY id
SELECT ts, count(*) OVER (ORDER BY ts RANGE BETWEEN INTERVAL 31 DAY PRECEDING AND CURRENT ROW) FROM t ORDER BY ts
SELECT id, amount FROM q QUALIFY row_number() OVER (PARTITION BY city ORDER BY amount DESC) = 1 ORDER BY id
SELECT city, sum(amount) AS total FROM q GROUP BY city QUALIFY rank() OVER (ORDER BY total) = 1`,
  'ordering and limits': `
SELECT * FROM u ORDER BY a
SELECT * FROM u ORDER BY a DESC NULLS LAST, v ASC NULLS FIRST, ts
SELECT a, b FROM t ORDER BY 2, 1 DESC
SELECT a, b FROM t ORDER BY ALL
SELECT a, b FROM t ORDER BY ALL DESC NULLS LAST
SELECT b FROM t ORDER BY b COLLATE NOCASE, length(b)
SELECT a FROM u ORDER BY a LIMIT 2
SELECT a FROM u ORDER BY a LIMIT 1 OFFSET 1
SELECT a FROM u ORDER BY a OFFSET 1
SELECT a FROM u ORDER BY a LIMIT 50%
SELECT a FROM u ORDER BY a LIMIT 40 PERCENT
SELECT a FROM u ORDER BY a LIMIT (SELECT 1) OFFSET 1 + 1
SELECT a FROM u ORDER BY a FETCH FIRST 1 ROWS ONLY
SELECT a FROM u ORDER BY a LIMIT ALL
SELECT a FROM u ORDER BY a LIMIT NULL`,
  'set operations and CTEs': `
SELECT a FROM t UNION SELECT a FROM u ORDER BY 1
SELECT a FROM t UNION ALL SELECT a FROM u ORDER BY 1
SELECT a FROM t UNION DISTINCT SELECT a FROM u ORDER BY 1
SELECT a, b FROM t UNION BY NAME SELECT v AS b, a FROM u ORDER BY ALL
SELECT a, b FROM t UNION ALL BY NAME SELECT a FROM u ORDER BY ALL
SELECT a FROM t INTERSECT SELECT a FROM u ORDER BY 1
SELECT a FROM t INTERSECT ALL SELECT a FROM u ORDER BY 1
SELECT a FROM u EXCEPT SELECT a FROM t
SELECT a FROM u EXCEPT ALL SELECT a FROM t
(SELECT a FROM t ORDER BY a LIMIT 1) UNION ALL (SELECT a FROM u ORDER BY a DESC LIMIT 1) ORDER BY 1
SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 ORDER BY 1 DESC LIMIT 2
SELECT 1 UNION (SELECT 2 EXCEPT SELECT 2) ORDER BY 1
(SELECT 1 EXCEPT SELECT 2) EXCEPT SELECT 3
SELECT 1 EXCEPT (SELECT 2 EXCEPT SELECT 1)
WITH x AS (SELECT 1 AS n) SELECT * FROM x
WITH x (n) AS (SELECT 1), y AS (SELECT n + 1 AS m FROM x) SELECT * FROM x, y
WITH x AS MATERIALIZED (SELECT 1 AS n) SELECT * FROM x a, x b
WITH x AS NOT MATERIALIZED (SELECT 1 AS n) FROM x
WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT * FROM r ORDER BY n
WITH RECURSIVE r AS (SELECT 1 AS n UNION SELECT n % 3 + 1 FROM r) SELECT * FROM r ORDER BY n
WITH RECURSIVE r (k, n) USING KEY (k) AS (SELECT 1, 1 UNION SELECT k, n + 1 FROM r WHERE n < 3) SELECT * FROM r
WITH x AS (SELECT 1 AS n) SELECT (WITH y AS (SELECT n + 1 AS m FROM x) SELECT m FROM y) FROM x
SELECT * FROM (WITH x AS (SELECT 1 AS n) SELECT n FROM x) z
WITH a AS (FROM u), b AS (FROM a WHERE a > 1) SELECT count(*) FROM b
WITH x AS (VALUES (1), (2)) SELECT * FROM x
SELECT * FROM u WHERE a IN (WITH z AS (SELECT 1 AS n) SELECT n FROM z)`,
  'pivot and unpivot': `
PIVOT q ON year IN (2023, 2024) USING sum(amount) GROUP BY city ORDER BY city
PIVOT q ON year IN (2023, 2024), city IN ('A', 'B') USING sum(amount) AS total, count(*) AS n GROUP BY id ORDER BY id
PIVOT (SELECT city, year, amount FROM q) ON city IN ('A', 'B') USING max(amount) GROUP BY year ORDER BY year LIMIT 1
FROM q PIVOT (sum(amount) FOR year IN (2023, 2024) GROUP BY city) ORDER BY city
SELECT * FROM q PIVOT (sum(amount) AS s FOR year IN (2023 AS y23, 2024 AS y24) city IN ('A') GROUP BY id) ORDER BY id
UNPIVOT (SELECT id, q1, q2 FROM q) ON q1, q2 INTO NAME quarter VALUE amount ORDER BY ALL
UNPIVOT (SELECT id, q1, q2 FROM q) ON COLUMNS(* EXCLUDE (id)) INTO NAME quarter VALUE amount ORDER BY ALL
SELECT * FROM (SELECT id, q1, q2 FROM q) UNPIVOT (amount FOR quarter IN (q1, q2)) ORDER BY ALL
SELECT * FROM (SELECT id, q1, q2 FROM q) UNPIVOT INCLUDE NULLS (amount FOR quarter IN (q1 AS 'first', q2 AS 'second')) ORDER BY ALL
SELECT * FROM (SELECT id, year, q1, q2 FROM q) UNPIVOT ((x, y) FOR k IN ((year, q1), (id, q2))) ORDER BY ALL`,
  functions: `
SELECT date_trunc('month', ts), strftime(ts, '%Y-%m'), strptime('2024-01-01', '%Y-%m-%d'), age(DATE '2024-02-01', DATE '2024-01-01'), epoch_ms(1000) FROM t
SELECT regexp_replace('abc', 'b', 'x', 'g'), regexp_extract('a1', '\\d'), regexp_matches('abc', 'B', 'i'), split_part('a,b', ',', 2), string_split('a,b', ',')
SELECT json_extract(j, '$.k'), json_extract_string(j, '$.k'), json_extract(j, ['$.k', '$.n']), json_array_length(j, '$.e'), json_keys(j), json_type(j) FROM t
SELECT main.upper('x'), system.main.lower('X'), count_star() FROM u
SELECT coalesce(NULL, 1), error('x') IS NULL FROM u WHERE false
SELECT typeof(1), typeof(1.0), typeof(1e0), typeof('x'), typeof([1]), typeof({'a': 1}), typeof(NULL), typeof(DATE '2024-01-01'), typeof(9999999999)
SELECT getvariable('x'), current_schema(), pi(), version() IS NOT NULL
SELECT format('{} {}', 1, 'x'), printf('%d', 1), chr(65), ascii('A'), bar(1, 0, 2), lpad('a', 3, '*'), repeat('x', 2)
SELECT $1::INT, $1 + 1
SELECT $name, $name || 'x'
SELECT * FROM u WHERE a = $1 AND v <> $1::VARCHAR`,
  'more of the documentation': `
SELECT s.*, t.a FROM t
SELECT unnest(s) FROM t
SELECT unnest(l), a FROM t
SELECT m['k'], s['x'], s.x, l[1], l[-1], l[1:2], l[:-1], l[2:], 'abc'[1:2], [1, 2, 3, 4][1:4:2], [1, 2, 3][:] FROM t
SELECT union_value(num := 2), union_value(num := 2).num
SELECT CAST({'a': 1} AS STRUCT(a BIGINT)), [1, 2, 3]::INTEGER[3], ['1']::INT[], CAST(1.5 AS DECIMAL(10, 2)), MAP {'a': [1]}::MAP(VARCHAR, INT[])
SELECT 'a'::ENUM('a', 'b')
SELECT list_filter(l, x -> x > 1), list_transform(l, (x, i) -> x + i) FROM t
SELECT a IN l, 1 IN [1, 2], 'k' IN m FROM t
SELECT 5 & 3, 5 | 3, ~5, 1 << 4, 16 >> 2, xor(5, 3), 2 ^ 3, 2 ** 3, 7 // 2, 7 % 2, @(-2), 5!
SELECT 0xFF, 0b101, 1_000
SELECT ROW(1, 'a'), (1, 'a'), {'x': 1, 'y': {'z': [1]}}, MAP([1, 2], ['a', 'b'])
SELECT COLUMNS(*)::VARCHAR FROM u
SELECT COLUMNS(t.*) FROM t
SELECT u.* EXCLUDE (ts) REPLACE (a + 1 AS a) FROM u
SELECT * EXCLUDE (ts) RENAME (a AS b) FROM u
SELECT struct_extract(s, 'x'), array_extract(l, 1), list_slice(l, 1, 2), map_extract(m, 'k') FROM t
SELECT a = ANY (SELECT a FROM u), a > ALL (SELECT 0), a = SOME (SELECT 1), a = ANY ([1, 2]) FROM t
SELECT * FROM t WHERE (a, b) IN ((1, 'one'), (2, 'x'))
SELECT * FROM t WHERE a NOT IN (SELECT a FROM u WHERE a > 1) OR a IS NULL
SELECT sum(a) FILTER (b = 'one') FROM t
SELECT count() FROM t
SELECT first(a ORDER BY b DESC NULLS LAST), array_agg(a ORDER BY a DESC) FILTER (WHERE a IS NOT NULL) FROM t
SELECT a, sum(a) OVER (PARTITION BY b ORDER BY a ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM t ORDER BY ALL
SELECT last_value(a IGNORE NULLS) OVER (ORDER BY a NULLS FIRST) FROM t
SELECT lead(a, 1, -1 ORDER BY b) OVER () FROM t
SELECT * FROM (FROM u) x
SELECT * FROM u AS v(x, y, z) WHERE x > 1
SELECT v.x FROM (VALUES (1, 2)) AS v(x, y)
SELECT * FROM u LEFT JOIN t ON u.a = t.a AND t.b IS NOT NULL ORDER BY ALL
SELECT * FROM u JOIN LATERAL (SELECT t.b FROM t WHERE t.a = u.a) x ON true ORDER BY ALL
SELECT * FROM u, unnest([u.a, u.a + 1]) AS x(n) ORDER BY ALL
SELECT a FROM u UNION ALL (SELECT a FROM t ORDER BY a LIMIT 1) ORDER BY a NULLS LAST LIMIT 3 OFFSET 1
WITH a AS MATERIALIZED (SELECT 1 AS x), b(y) AS (SELECT x FROM a) SELECT * FROM a, b
WITH RECURSIVE f(n, v) AS (VALUES (1, 1) UNION ALL SELECT n + 1, v * (n + 1) FROM f WHERE n < 5) SELECT max(v) FROM f
SELECT CASE a WHEN 1 THEN 'x' ELSE b END, IF(a > 1, 'y', 'n'), IFNULL(a, 0), NULLIF(a, 1), COALESCE(a, 0) FROM t
SELECT a::VARCHAR || b, CAST(a AS VARCHAR), TRY_CAST(b AS INT), b::TEXT FROM t
SELECT b LIKE '%o%', b NOT LIKE 'o', b ILIKE 'ONE', b SIMILAR TO 'o.*', b GLOB 'o*', regexp_matches(b, '^o'), b LIKE 'a\\%' ESCAPE '\\' FROM t
SELECT EXTRACT(EPOCH FROM ts), date_part(['year', 'month'], ts), ts::DATE, ts::TIME, date_trunc('day', ts), ts AT TIME ZONE 'Europe/Berlin' FROM t
SELECT 'a' COLLATE NOCASE = 'A', 'x' || NULL, NOT NULL, -(-1), +1, - - 1
SELECT x FROM (SELECT 1 AS x) WHERE EXISTS (SELECT 1) AND NOT EXISTS (SELECT 1 WHERE false)
SELECT grouping_id(a), a, b, count(*) FROM t GROUP BY GROUPING SETS ((a, b), (a), ()) ORDER BY ALL
SELECT a, b FROM t GROUP BY a, b HAVING count(*) > 0 ORDER BY a NULLS FIRST, b COLLATE NOCASE DESC
PIVOT_WIDER q ON year IN (2023, 2024) USING sum(amount) GROUP BY city ORDER BY city
PIVOT_LONGER (SELECT id, q1, q2 FROM q) ON q1, q2 INTO NAME k VALUE v ORDER BY ALL
SELECT * FROM q PIVOT (sum(amount) FOR year IN (2023, 2024)) ORDER BY ALL
SELECT * FROM q UNPIVOT (v FOR k IN (q1, q2)) ORDER BY ALL
SELECT "a" AS "A b", a AS _x, a AS é FROM t
SELECT current_date IS NOT NULL, current_timestamp IS NOT NULL, current_user IS NOT NULL
SELECT typeof(1::HUGEINT), typeof(1::UTINYINT), typeof('a'::BLOB), typeof(NULL::JSON), typeof('1'::BIT), typeof(uuid()), typeof(1::FLOAT), typeof(TIME '10:00:00')
SELECT 'x'::UUID IS NULL FROM u WHERE false
SELECT * FROM json_each('{"a": 1, "b": [2]}')
SELECT j->'e'->>0, j->>'$.e[1]', json_extract(j, '$.n')::INT, j::VARCHAR, json(j), j->>'k' IS NULL FROM t
SELECT (SELECT a FROM u WHERE u.a = t.a) + 1, ARRAY(SELECT a FROM u ORDER BY a), (SELECT struct_pack(a := 1)).a FROM t
SELECT max(a) KEEP FROM t
SELECT * FROM t ORDER BY a + 1 DESC, length(b), 1
SELECT DISTINCT a, b FROM t ORDER BY ALL LIMIT (SELECT 2)
SELECT t1.a FROM t t1 JOIN t t2 ON t1.a = t2.a WHERE t1.b < t2.b
SELECT nested.s.x FROM (SELECT t.s FROM t) nested
SELECT $1, $1::VARCHAR
SELECT 1 AS "1", '1' AS "select", NULL AS n, TRUE AS yes
SELECT TRY(1 / 0), 1 / 2, 1 // 2, 1.0 / 2, mod(5, 3)`,
};

/** Constructs that need what a test has not (files, settings): parsed and printed, not run. */
export const PARSED_ONLY = `
SELECT * FROM 'users.csv'
SELECT * FROM read_csv('users.csv', header = true, columns = {'a': 'VARCHAR'})
SELECT * FROM read_json_auto('x.json') WHERE a = 1
SELECT * FROM glob('*.csv')
SELECT * FROM a.b.c AS d JOIN "A b"."C".d USING (x)
SELECT * FROM tbl AT (VERSION => 1)
SELECT * FROM tbl AT (TIMESTAMP => now())
SELECT profile.email, t.profile.email, s.t.profile.email.x FROM s.t
SELECT x FROM a ASOF JOIN b ON a.k = b.k AND a.t < b.t
SELECT x, ordinality FROM unnest([1]) WITH ORDINALITY AS u (x, ordinality)
SELECT try(1 / 0)
SELECT * FROM t ORDER BY COLUMNS(*)
SELECT a FROM t GROUP BY a ORDER BY sum(b) DESC
SELECT sum(a ORDER BY b) FILTER (WHERE c) OVER (PARTITION BY d, e ORDER BY f DESC NULLS FIRST) FROM t
SELECT f(a, b := 1), f(a => 1), s.f(1), c.s.f(1) FROM t`;

/** Joins of a relation L with another, R. Any two of them in a row make a FROM. */
export const JOINS: readonly string[] = [
  ', u R',
  ' CROSS JOIN u R',
  ...['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'SEMI JOIN', 'ANTI JOIN'].flatMap((join) => [
    ` ${join} u R ON L.a = R.a`,
    ` ${join} u R USING (a)`,
  ]),
  ' JOIN u R ON true',
  " LEFT JOIN u R ON L.a < R.a OR R.v = 'x'",
  ' NATURAL JOIN u R',
  ' POSITIONAL JOIN u R',
  ' ASOF JOIN u R ON L.ts >= R.ts',
  ' ASOF LEFT JOIN u R USING (a, ts)',
  ', LATERAL (SELECT L.a AS a) R',
  ' LEFT JOIN LATERAL (SELECT L.a AS a) R ON R.a = L.a',
  ', unnest([1, 2]) AS R (a)',
  ' JOIN (u R JOIN u Rx ON R.a = Rx.a) ON L.a = R.a',
  ' JOIN (VALUES (1), (2)) R (a) ON L.a = R.a',
  ' CROSS JOIN (SELECT * FROM u, u u2) R',
];
