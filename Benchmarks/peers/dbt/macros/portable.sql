{# The names of Spark's functions, which the queries use. #}
{% macro portable_functions() %}
  CREATE OR REPLACE MACRO try_to_timestamp(s) AS TRY_CAST(s AS TIMESTAMPTZ);
  CREATE OR REPLACE MACRO regexp_like(s, p) AS regexp_matches(s, p);
  CREATE OR REPLACE MACRO regexp_replace(s, p, r) AS system.main.regexp_replace(s, p, r, 'g');
  CREATE OR REPLACE MACRO unix_timestamp(t) AS CAST(floor(epoch(t)) AS BIGINT);
  CREATE OR REPLACE MACRO to_utc_timestamp(t, z) AS CAST(t AS TIMESTAMP) AT TIME ZONE z;
{% endmacro %}
