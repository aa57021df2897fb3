// What an engine knows of its own tables. Indexes for searches, and what else belongs to the engine, is not among them.

extension SQLDialect {
    private static let sqliteTables = "t.schema = 'main' AND t.type = 'table' AND t.name NOT GLOB 'sqlite_*'"

    /// Every column of every table: `table_name`, `column_name`, `is_nullable`, and `key_position`, which is 0 outside the primary key.
    var catalog: String {
        switch self {
        case .sqlite:
            """
            SELECT t.name AS table_name, c.name AS column_name, c."notnull" = 0 AS is_nullable, c.pk AS key_position
            FROM pragma_table_list t JOIN pragma_table_info(t.name) c WHERE \(Self.sqliteTables)
            """
        case .postgreSQL:
            """
            SELECT c.relname::text AS table_name, a.attname::text AS column_name, NOT a.attnotnull AS is_nullable,
                COALESCE(array_position(k.conkey, a.attnum), 0) AS key_position
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
            WHERE n.nspname = current_schema() AND c.relkind = 'r' AND NOT EXISTS (
                SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
            )
            """
        }
    }

    /// Every column of every foreign key, in their order: `table_name`, `key_name`, `column_name`, and the table and the column that it
    /// refers to, `target` and `target_column`.
    var references: String {
        switch self {
        case .sqlite:
            """
            SELECT t.name AS table_name, CAST(f.id AS TEXT) AS key_name, f."from" AS column_name, f."table" AS target,
                COALESCE(f."to", (SELECT c.name FROM pragma_table_info(f."table") c WHERE c.pk = f.seq + 1)) AS target_column
            FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f WHERE \(Self.sqliteTables) ORDER BY t.name, f.id, f.seq
            """
        case .postgreSQL:
            """
            SELECT c.relname::text AS table_name, k.conname::text AS key_name, a.attname::text AS column_name,
                p.relname::text AS target, b.attname::text AS target_column
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS pair (mine, theirs, position)
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = pair.mine
            JOIN pg_attribute b ON b.attrelid = p.oid AND b.attnum = pair.theirs
            WHERE k.contype = 'f' AND n.nspname = current_schema() ORDER BY 1, 2, pair.position
            """
        }
    }

    /// The tables whose primary key is a number that the engine counts up: `table_name`.
    var identityTables: String {
        switch self {
        case .sqlite: "SELECT name AS table_name FROM sqlite_master WHERE type = 'table' AND sql GLOB '*AUTOINCREMENT*'"
        case .postgreSQL:
            """
            SELECT c.relname::text AS table_name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid WHERE n.nspname = current_schema() AND a.attidentity <> ''
            """
        }
    }

    /// The last number that the engine has given to a row of a table: `value`.
    func lastIdentity(of table: String, _ column: String) -> String {
        switch self {
        case .sqlite: "SELECT COALESCE(MAX(seq), 0) AS value FROM sqlite_sequence WHERE name = '\(table)'"
        case .postgreSQL: "SELECT COALESCE(pg_sequence_last_value(\(Self.counter(table, column))), 0) AS value"
        }
    }

    /// Statements that make the engine go on after a number, from 1.
    func settingIdentity(of table: String, _ column: String, to value: Int64) -> [String] {
        switch self {
        case .sqlite:
            [
                "DELETE FROM sqlite_sequence WHERE name = '\(table)'",
                "INSERT INTO sqlite_sequence (name, seq) VALUES ('\(table)', \(value))",
            ]
        case .postgreSQL: ["SELECT setval(\(Self.counter(table, column)), \(value)) AS value"]
        }
    }

    private static func counter(_ table: String, _ column: String) -> String {
        "pg_get_serial_sequence('\(table)', '\(column)')::regclass"
    }

    /// Whether there is a table: a row if so.
    func presence(of table: String) -> String {
        switch self {
        case .sqlite: "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = '\(table)'"
        case .postgreSQL: "SELECT 1 AS found WHERE to_regclass('\(table)') IS NOT NULL"
        }
    }
}
