{{ landing('class_attendance', 'json') }}
