/// Something that is true of every row of a table, whatever the engine.
struct RowRule {
    let subject: String
    let table: String
    /// Of the rows that break it.
    let condition: String
    /// The sentence if there are none.
    let good: String
    /// The beginning of the sentence if there are some; their number follows.
    let bad: String
    /// SQL that repairs it.
    let repair: String

    static let all = [
        references("links", "provider_id", to: "providers", "Links of providers that do not exist"),
        references("actions", "run_id", to: "runs", "Actions of runs that do not exist"),
        references("memberships", "user_id", to: "users", "Memberships of users that do not exist"),
        references("memberships", "group_id", to: "groups", "Memberships of groups that do not exist"),
        references("user_search", "user_id", to: "users", "Search entries of users that do not exist"),
        searchTexts,
    ]

    private static func references(_ table: String, _ column: String, to other: String, _ bad: String) -> RowRule {
        let condition = "NOT EXISTS (SELECT 1 FROM \(other) WHERE \(other).id = \(table).\(column))"
        return RowRule(
            subject: "\(table) to \(other)",
            table: table,
            condition: condition,
            good: "Every row refers to one that exists.",
            bad: bad,
            repair: "DELETE FROM \(table) WHERE \(condition)"
        )
    }

    private static let searchTexts = {
        let condition = "NOT EXISTS (SELECT 1 FROM user_search WHERE user_search.user_id = users.id)"
        return RowRule(
            subject: "users to user_search",
            table: "users",
            condition: condition,
            good: "The search finds every user.",
            bad: "Users that no search finds",
            repair:
                "INSERT INTO user_search (user_id, text) SELECT id, LOWER(username || ' ' || name) || ' ' || email_folded "
                + "FROM users WHERE \(condition)"
        )
    }()
}
