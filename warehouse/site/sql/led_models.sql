-- Every model that was ever first on a board, of all countries or among the US or the Chinese models: who made it, since
-- when it is public, its weights, and the newest price of its maker.
WITH led AS (
  SELECT holder AS model_id, min(first_seen) AS first_led, max(last_seen) AS last_led, count(DISTINCT board) AS boards,
    count(DISTINCT board) FILTER (scope = 'world') AS boards_of_all
  FROM reigns WHERE level = 'model' AND holder IN (SELECT model_id FROM core.models)
  GROUP BY holder
), makers AS (
  SELECT organization_id, arg_max(name, valid_from) AS maker, arg_max(hq_country, valid_from) AS country
  FROM core.organizations GROUP BY organization_id
), printed AS (
  SELECT model_id, arg_min(model_name, (first_seen, model_name)) AS printed_name
  FROM (SELECT holder AS model_id, model_name, first_seen FROM reigns WHERE level = 'model')
  GROUP BY model_id
), weights AS (
  SELECT * FROM core.model_weights QUALIFY valid_from = max(valid_from) OVER (PARTITION BY model_id)
), prices AS (
  SELECT names.model_id, prices.price_list_date, prices.input_usd_per_mtok, prices.output_usd_per_mtok,
    prices.tier_up_to_tokens, prices.source_id AS price_source_id, prices.listed_name
  FROM core.prices AS prices
  JOIN core.price_names AS names
    ON names.source_id = prices.source_id AND names.provider = prices.provider
    AND names.listed_name = prices.listed_name AND prices.price_list_date BETWEEN names.valid_from AND names.valid_to
  JOIN core.price_providers AS providers
    ON providers.source_id = prices.source_id AND providers.provider = prices.provider AND providers.is_first_party
  WHERE prices.input_usd_per_mtok > 0 AND prices.output_usd_per_mtok > 0
  QUALIFY row_number() OVER (
    PARTITION BY names.model_id ORDER BY prices.price_list_date DESC, providers.preference, prices.source_id,
      prices.listed_name, prices.input_id DESC, prices.listing
  ) = 1
)
SELECT
  model_id, models.name, printed_name, maker, country, base_model, effort, public_from, public_to, public_basis,
  coalesce(weights.weights, models.weights) AS weights, weights.license_name, weights.licence_kind,
  CASE WHEN weights.valid_from > DATE '2000-01-01' THEN weights.valid_from END AS weights_from,
  price_list_date, input_usd_per_mtok, output_usd_per_mtok, tier_up_to_tokens, price_source_id, first_led, last_led,
  boards, boards_of_all, models.evidence
FROM led
JOIN core.models AS models USING (model_id)
JOIN printed USING (model_id)
LEFT JOIN makers USING (organization_id)
LEFT JOIN weights USING (model_id)
LEFT JOIN prices USING (model_id)
ORDER BY first_led DESC, model_id
