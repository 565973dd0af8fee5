# Read by each bash script of the PostgreSQL image before its first line. The image's entry point exports the password,
# which the first start needs; the server that it becomes does not, and is not to inherit it.
exec() {
  unset POSTGRES_PASSWORD
  builtin exec "$@"
}
