/// A statement with PostgreSQL's numbered parameters.
///
/// Source: https://www.postgresql.org/docs/15/sql-prepare.html
struct PostgreSQLStatement {
    /// With `$1`, `$2` and so on for the arguments.
    let sql: String
    /// The table that the statement changes; nil if it changes none.
    let changedTable: String?

    /// - Parameter portable: with `?` for the arguments, and SQLite's `LIKE`, which ignores the case of ASCII letters. What is within
    ///   quotation marks stays as it is.
    init(_ portable: String) {
        var (parts, number) = ([String](), 0)
        for (index, part) in portable.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
            guard index.isMultiple(of: 2) else {
                parts.append(String(part))
                continue
            }
            var own = ""
            for character in part.replacing(" LIKE ", with: " ILIKE ") {
                guard character == "?" else {
                    own.append(character)
                    continue
                }
                number += 1
                own += "$\(number)"
            }
            parts.append(own)
        }
        sql = parts.joined(separator: "'")
        changedTable = Self.changedTable(of: portable)
    }

    private static func changedTable(of sql: String) -> String? {
        let words = sql.split(maxSplits: 3, whereSeparator: \.isWhitespace)
        let place = ["INSERT": 2, "DELETE": 2, "UPDATE": 1][words.first ?? ""]
        return place.flatMap { $0 < words.count ? String(words[$0]) : nil }
    }
}
