{{ config(
  incremental_strategy='merge',
  unique_key=['class_id'],
  merge_update_condition='DBT_INTERNAL_SOURCE.updated_at >= DBT_INTERNAL_DEST.updated_at'
) }}
{{ newest('silver.classes', 'bronze__schedule') }}
