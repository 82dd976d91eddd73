-- A site of :size articles and items and ten times as many orders, as Kiosque's rules would write it.
-- `texts` holds 400 bodies. Ids sort before all that are made from a clock; row n was written in minute n.

CREATE TEMP TABLE buyer AS SELECT id FROM accounts;

CREATE TEMP TABLE numbers (n INTEGER PRIMARY KEY, at);
INSERT INTO numbers
WITH RECURSIVE upto (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM upto WHERE n < :size * 10)
SELECT n, strftime('%Y-%m-%dT%H:%M:%fZ', '2020-01-01', n || ' minutes') FROM upto;

-- Articles are numbered by when they are listed, in a calendar whose months have 31 days.

CREATE TEMP TABLE places (n INTEGER PRIMARY KEY, place INTEGER);
INSERT INTO places
SELECT n, (((((strftime('%Y', at) * 12 + strftime('%m', at) - 1) * 31 + strftime('%d', at) - 1) * 24
  + strftime('%H', at)) * 60 + strftime('%M', at)) * 60) * 1000 * 16
FROM numbers WHERE n <= :size;

-- Articles: 40 tags, three of them on each; 10 categories; 20 authors; the rare word in 20, whatever the
-- size, the common one in every twentieth.

INSERT INTO articles (number, id, type, slug, title, excerpt, format, featured, comment_policy, publish_at,
  listed_at, created_at, updated_at, body, body_html)
SELECT place, printf('art_%026d', numbers.n), 'article', 'article-' || numbers.n, 'Title ' || numbers.n,
  'An excerpt of the usual length, that says what it is about.', 'markdown', 0, 'open', at, at, at, at,
  source, html
FROM numbers JOIN places USING (n) JOIN texts ON texts.n = numbers.n % 400;

INSERT INTO article_slugs (slug, article_id)
SELECT 'article-' || n, printf('art_%026d', n) FROM numbers WHERE n <= :size;

INSERT INTO article_words (rowid, words)
SELECT place, '«' || places.n || ' «title »term ' || texts.words || iif(places.n % (:size / 20), '', ' ' || :rare)
  || iif(places.n % 20, '', ' ' || :common)
FROM places JOIN texts ON texts.n = places.n % 400;

INSERT INTO terms (id, shelf, kind, slug, name, name_key)
SELECT printf('trm_%026d', n), 'articles', iif(n <= 40, 'tag', 'category'), 'term-' || n, 'term ' || n, 'term ' || n
FROM numbers WHERE n <= 50;

INSERT INTO article_terms (article_id, term_id, position, type, publish_at)
SELECT printf('art_%026d', n), printf('trm_%026d', 1 + (n * 7 + 11 * place) % 40), place, 'article', at
FROM numbers JOIN (SELECT n AS place FROM numbers WHERE n <= 3) WHERE n <= :size
UNION ALL
SELECT printf('art_%026d', n), printf('trm_%026d', 41 + n % 10), 4, 'article', at FROM numbers WHERE n <= :size;

INSERT INTO authors (id, slug, name)
SELECT printf('aut_%026d', n), 'author-' || n, 'Author ' || n FROM numbers WHERE n <= 20;

INSERT INTO article_authors (article_id, author_id, position, type, publish_at)
SELECT printf('art_%026d', n), printf('aut_%026d', 1 + n % 20), 0, 'article', at FROM numbers WHERE n <= :size;

-- Items: one variant each, of which ten were sold.

INSERT INTO items (number, id, slug, name, kind, status, description_format, options, images, created_at,
  updated_at)
SELECT n, printf('itm_%026d', n), 'item-' || n, 'Item ' || n, 'physical', 'published', 'markdown', '[]', '[]', at, at
FROM numbers WHERE n <= :size;

INSERT INTO item_slugs (slug, item_id)
SELECT 'item-' || n, printf('itm_%026d', n) FROM numbers WHERE n <= :size;

INSERT INTO item_words (rowid, words)
SELECT n, '«' || n || ' «item' FROM numbers WHERE n <= :size;

INSERT INTO variants (id, item_id, sku, sku_key, options, price, currency, tracked, available, position)
SELECT printf('var_%026d', n), printf('itm_%026d', n), 'sku-' || n, 'sku-' || n, '{}', 1000, 'EUR', 1, :stock - 10, 0
FROM numbers WHERE n <= :size;

INSERT INTO stock_movements (id, variant_id, delta, reason, created_at)
SELECT printf('mov_%026d', n), printf('var_%026d', n), :stock, 'initial', at FROM numbers WHERE n <= :size;

-- Orders: one line each; 50 are of the customer who asks, whatever the size, the others of as many customers as there are items.

INSERT INTO accounts (id, email, email_key, name, search_key, role, status, password_hash, created_at)
SELECT printf('acc_%026d', n), 'customer' || n || '@kiosque.test', 'customer' || n || '@kiosque.test', 'Ada',
  'ada customer' || n || '@kiosque.test', 'customer', 'active', '!', at
FROM numbers WHERE n <= :size;

CREATE TEMP TABLE placed AS
SELECT n, at, printf('ord_%026d', n) AS id, 1 + n % :size AS item,
  iif(n % (:size / 5), printf('acc_%026d', 1 + n % :size), (SELECT id FROM buyer)) AS account
FROM numbers;

INSERT INTO orders (number, id, account_id, email, order_status, payment_status, fulfilment_status, currency,
  subtotal, total, paid, placed_at)
SELECT n, id, account, 'buyer@kiosque.test', 'open', 'unpaid', 'none', 'EUR', 1000, 1000, 0, at FROM placed;

INSERT INTO order_lines (order_id, position, variant_id, sku, name, quantity, unit_price, total, fulfilled)
SELECT id, 0, printf('var_%026d', item), 'sku-' || item, 'Item', 1, 1000, 1000, 0 FROM placed;

INSERT INTO order_events (number, order_id, at, kind, by_account)
SELECT n, id, at, 'placed', account FROM placed;

INSERT INTO stock_movements (id, variant_id, delta, reason, order_id, created_at)
SELECT printf('mov_%026d', n + :size), printf('var_%026d', item), -1, 'order', id, at FROM placed;
