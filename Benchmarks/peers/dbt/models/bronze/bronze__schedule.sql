{{ landing('schedule', 'json') }}
