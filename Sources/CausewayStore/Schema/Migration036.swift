extension Migration {
    /// The searched texts in order: each begins with the user name, so that user names are found by their beginnings in any letter case.
    static let userNameSearch = Migration(
        version: 36,
        sql: "CREATE INDEX user_search_by_text ON user_search (text)"
    )
}
