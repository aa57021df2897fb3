extension Migration {
    /// A number that tells whether links are as they were, for what is remembered of them. Programs that do not count it would let
    /// others show numbers that are out of date.
    static let linkChanges = Migration(
        version: 41,
        sql: "INSERT INTO sequences (name, last_value) VALUES ('link_changes', 0);"
    )
}
