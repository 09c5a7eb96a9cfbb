{{ config(incremental_strategy='delete+insert', unique_key='class_date') }}
WITH touched AS (
  SELECT class_date FROM {{ ref('silver__class_bookings') }} WHERE {{ unseen() }}
  UNION
  SELECT class_date FROM {{ ref('silver__class_bookings') }}
  WHERE class_id IN (SELECT class_id FROM {{ ref('silver__classes') }} WHERE {{ unseen() }})
  {% if is_incremental() %}
  UNION
  SELECT class_date FROM {{ this }}
  WHERE attendance_id IN (
    SELECT attendance_id FROM {{ ref('silver__class_bookings') }} WHERE {{ unseen() }})
  {% endif %}
),
silver__class_bookings AS (
  SELECT * FROM {{ ref('silver__class_bookings') }}
  {% if is_incremental() %} WHERE class_date IN (SELECT class_date FROM touched) {% endif %}
),
silver__classes AS (SELECT * FROM {{ ref('silver__classes') }})
SELECT *, {{ now() }} AS _loaded_at FROM ({{ gym_query('silver.class_attendance') }}) AS computed
