{{ config(unique_key='week_start') }}
WITH touched AS (
  SELECT DISTINCT CAST(date_trunc('week', class_date) AS DATE) AS week_start
  FROM {{ ref('silver__class_attendance') }} WHERE {{ unseen() }}
),
silver__class_attendance AS (
  SELECT * FROM {{ ref('silver__class_attendance') }}
  {% if is_incremental() %}
  WHERE CAST(date_trunc('week', class_date) AS DATE) IN (SELECT week_start FROM touched)
  {% endif %}
)
SELECT *, {{ now() }} AS _loaded_at FROM ({{ gym_query('gold.attendance_rates') }}) AS computed
