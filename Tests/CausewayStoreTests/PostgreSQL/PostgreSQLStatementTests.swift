import CausewayTestSupport
import Testing

@testable import CausewayStore

@Suite("Statements of PostgreSQL")
struct PostgreSQLStatementTests {
    @Test("arguments get numbers, LIKE ignores the letter case, and texts in quotation marks stay as they are")
    func translation() {
        let statement = PostgreSQLStatement("SELECT a, '? LIKE ''x''' FROM t WHERE a LIKE ? ESCAPE '\\' AND b = ?")
        #expect(statement.sql == "SELECT a, '? LIKE ''x''' FROM t WHERE a ILIKE $1 ESCAPE '\\' AND b = $2")
    }

    @Test("the table that a statement changes is known")
    func tables() {
        for (sql, table) in [
            ("INSERT INTO users (id) VALUES (?)", "users"), ("UPDATE runs SET status = ?", "runs"),
            ("DELETE FROM journal WHERE sequence < ?", "journal"), ("SELECT id FROM users", nil), ("COMMIT", nil),
        ] { #expect(PostgreSQLStatement(sql).changedTable == table, "\(sql)") }
    }

    @Test("tables are named when they have changed by much, and less and less often")
    func growth() {
        var growth = TableGrowth()
        growth.note(999, in: "users")
        growth.note(5000, in: "actions")
        #expect(growth.takeGrown() == ["actions"])
        growth.note(1, in: "users")
        growth.note(1500, in: "actions")
        #expect(growth.takeGrown() == ["users"])
        growth.note(500, in: "actions")
        #expect(growth.takeGrown() == ["actions"] && growth.takeGrown() == [])
    }

    @Test("texts come back as they were, and other values in their types", .onlyPostgreSQL)
    func values() async throws {
        try await ServerDatabase.with { database in
            let store = try await database.open()
            let text = #"it's "ä" \ % ? $1 "# + "\n🦊"
            let found = try await store.read { transaction in
                try transaction.first(
                    "SELECT CAST(? AS TEXT) AS a, CAST(? AS BIGINT) AS b, CAST(? AS BOOLEAN) AS c, CAST(? AS BYTEA) AS d, 0.5 AS e, "
                        + "CAST(NULL AS TEXT) AS f, 7::numeric AS g",
                    .text(text),
                    .integer(.min),
                    .bool(true),
                    .blob([0, 255, 92])
                ) { row in
                    [
                        try row.value("a"), try row.value("b"), try row.value("c"), try row.value("d"),
                        try row.value("e"),
                        try row.value("f"), try row.value("g"),
                    ]
                }
            }
            #expect(
                found == [
                    .text(text), .integer(.min), .bool(true), .blob([0, 255, 92]), .number(0.5), .null, .integer(7),
                ]
            )
        }
    }
}
