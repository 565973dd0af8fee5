# Read by each bash script of the InfluxDB image before its first line. Not exported: influxd does not inherit it.
INFLUXDB_ADMIN_PASSWORD=$(</run/secrets/influxdb_password)
