/// What the two engines say differently. Everything else is SQL that both understand.
package enum SQLDialect: Sendable {
    case sqlite, postgreSQL

    /// Every column of every table: `table_name` and `column_name`.
    var allColumns: String {
        switch self {
        case .sqlite:
            """
            SELECT t.name AS table_name, c.name AS column_name FROM sqlite_master t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table'
            """
        case .postgreSQL:
            """
            SELECT table_name::text AS table_name, column_name::text AS column_name FROM information_schema.columns
            WHERE table_schema = current_schema()
            """
        }
    }

    /// The size of the database: `bytes`.
    var size: String {
        switch self {
        case .sqlite: "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size"
        case .postgreSQL: "SELECT pg_database_size(current_database()) AS bytes"
        }
    }

    /// The members of a column with JSON objects, as a table `a` with `key`, `value` and `type`; texts have the type `text`, whole
    /// numbers `integer`.
    func members(of column: String) -> String {
        switch self {
        case .sqlite: "json_each(\(column)) AS a"
        case .postgreSQL:
            """
            LATERAL (
                SELECT key COLLATE "C" AS key, (value #>> '{}') COLLATE "C" AS value,
                    CASE jsonb_typeof(value) WHEN 'string' THEN 'text'
                        WHEN 'number' THEN CASE WHEN value::text ~ '^-?[0-9]+$' THEN 'integer' ELSE 'real' END
                        ELSE jsonb_typeof(value) END AS type
                FROM jsonb_each(\(column)::jsonb)
            ) AS a
            """
        }
    }
}
