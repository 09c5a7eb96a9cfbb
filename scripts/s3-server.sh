# Sourced: starts an S3 server of this machine's own with the bucket `lake`, and says by variables how it is
# reached. It ends with the script.
s3_folder=$(mktemp -d)
mkfifo "$s3_folder/input"
.venv/bin/python Tests/Python/s3_server.py lake <"$s3_folder/input" >"$s3_folder/output" &
s3_process=$!
exec {s3_input}>"$s3_folder/input"
trap 'exec {s3_input}>&-; wait "$s3_process" 2>/dev/null || true; rm -rf "$s3_folder"' EXIT
for _ in $(seq 600); do
  [ -s "$s3_folder/output" ] && break
  kill -0 "$s3_process" || exit 1
  sleep 0.1
done
s3_port=$(grep -o '[0-9]*' "$s3_folder/output" | head -1)
export AWS_ENDPOINT_URL="http://127.0.0.1:$s3_port" AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test \
  AWS_REGION=us-east-1 AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null \
  PODIUM_CACHE="$s3_folder/cache"
unset AWS_PROFILE AWS_SESSION_TOKEN
