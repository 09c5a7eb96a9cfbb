{{ config(unique_key='month') }}
WITH touched AS (
  SELECT DISTINCT CAST(date_trunc('month', sale_date) AS DATE) AS month
  FROM {{ ref('silver__retail_sales') }} WHERE {{ unseen() }}
),
silver__retail_sales AS (
  SELECT * FROM {{ ref('silver__retail_sales') }}
  {% if is_incremental() %}
  WHERE CAST(date_trunc('month', sale_date) AS DATE) IN (SELECT month FROM touched)
  {% endif %}
)
SELECT *, {{ now() }} AS _loaded_at FROM ({{ gym_query('gold.revenue_by_product') }}) AS computed
