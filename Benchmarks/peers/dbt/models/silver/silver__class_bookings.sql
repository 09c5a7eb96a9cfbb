{{ config(
  incremental_strategy='merge',
  unique_key=['attendance_id'],
  merge_update_condition='DBT_INTERNAL_SOURCE.updated_at >= DBT_INTERNAL_DEST.updated_at'
) }}
{{ newest('silver.class_bookings', 'bronze__class_attendance') }}
