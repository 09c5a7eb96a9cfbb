{# What is loaded: files that the table does not know by name, and rows that it has not seen. #}

{% macro landing(folder, reader) %}
  {%- set files = "'" ~ env_var('GYM_LANDING') ~ '/' ~ folder ~ "/*'" -%}
  {%- set found = run_query(
        "SELECT file FROM glob(" ~ files ~ ")"
        ~ (" EXCEPT SELECT DISTINCT _file FROM " ~ this if is_incremental() else "")) if execute -%}
  {%- set new = found.columns[0].values() if execute else [] -%}
  {%- set types -%}
    { {%- for name in gym_columns('bronze.' ~ folder) %}'{{ name }}': 'VARCHAR'
      {%- if not loop.last %}, {% endif %}{% endfor -%} }
  {%- endset -%}
  SELECT
    {{ gym_columns('bronze.' ~ folder) | join(', ') }},
    filename AS _file, CAST(0 AS BIGINT) AS _line, {{ now() }} AS _loaded_at
  FROM
  {%- set paths = new | sort if new else [] %}
  {%- if not paths %} (
    SELECT {% for name in gym_columns('bronze.' ~ folder) %}CAST(NULL AS VARCHAR) AS {{ name }}, {% endfor %}
    CAST(NULL AS VARCHAR) AS filename) WHERE false
  {%- elif reader == 'csv' %} read_csv({{ paths }}, header = true, columns = {{ types }}, filename = true)
  {%- else %} read_json({{ paths }}, format = 'newline_delimited', columns = {{ types }}, filename = true)
  {%- endif %}
{% endmacro %}

{% macro now() %}TIMESTAMP '{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}'{% endmacro %}

{# The condition of rows that came after this table was last written. #}
{% macro unseen() %}
  {%- if is_incremental() -%}
    _loaded_at > (SELECT coalesce(max(_loaded_at), TIMESTAMP '1970-01-01') FROM {{ this }})
  {%- else -%} true {%- endif -%}
{% endmacro %}

{# The newest good row of each key among unseen rows of a bronze table. #}
{% macro newest(table, bronze) %}
  WITH {{ bronze }}__new AS (
    SELECT * FROM {{ ref(bronze) }} WHERE {{ unseen() }}
  )
  SELECT {{ gym_columns(table) | join(', ') }}, {{ now() }} AS _loaded_at
  FROM (
    SELECT
      *,
      row_number() OVER (
        PARTITION BY {{ gym_key(table) | join(', ') }}
        ORDER BY {{ gym_newest_by(table) }} DESC, _file DESC, _line DESC
      ) AS _place
    FROM ({{ gym_query(table) }}) AS typed
    WHERE {{ gym_keep(table) }}
  ) AS ranked
  WHERE _place = 1
{% endmacro %}
