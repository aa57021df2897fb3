extension Migration {
    /// Failures have a cause: the rule that was broken, whatever the value. Earlier failures get theirs from their messages,
    /// without the value at their beginning.
    static let failureRules = Migration(
        version: 13,
        sql: """
            ALTER TABLE actions ADD COLUMN rule TEXT NOT NULL DEFAULT '';

            ALTER TABLE actions ADD COLUMN rule_title TEXT NOT NULL DEFAULT '';

            CREATE INDEX actions_by_rule ON actions (run_id, object_kind, attribute, rule, object_name)
            WHERE status IN ('failed', 'retry')
            """,
        sqlite: """
            UPDATE actions SET rule_title = message WHERE status IN ('failed', 'retry', 'sent');

            UPDATE actions SET rule_title = attribute || substr(rule_title, instr(rule_title, ''': ''') + 4
                + instr(substr(rule_title, instr(rule_title, ''': ''') + 4), ''' '))
            WHERE attribute IS NOT NULL AND rule_title LIKE 'Mapping ''%'': ''%'' %';

            UPDATE actions SET rule = 'earlier:' || rule_title WHERE rule_title <> ''
            """
    )
}
