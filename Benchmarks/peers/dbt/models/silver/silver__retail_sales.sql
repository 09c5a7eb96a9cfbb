{{ config(
  incremental_strategy='merge',
  unique_key=['receipt_id', 'line'],
  merge_update_condition='DBT_INTERNAL_SOURCE.sold_at >= DBT_INTERNAL_DEST.sold_at'
) }}
{{ newest('silver.retail_sales', 'bronze__retail') }}
