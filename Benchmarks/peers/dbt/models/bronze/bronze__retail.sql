{{ landing('retail', 'csv') }}
