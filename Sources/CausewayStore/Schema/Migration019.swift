extension Migration {
    /// An approval covers one plan, once: it stores the run that applies it, and why it ended. Runs store whether they covered
    /// everything, since such a run replaces every older one that waits.
    ///
    /// Earlier approvals were valid for any later run; they end here.
    static let approvalEndings = Migration(
        version: 19,
        sql: """
            ALTER TABLE approvals ADD COLUMN carried_by TEXT;

            ALTER TABLE approvals ADD COLUMN ended_at_ms BIGINT;

            ALTER TABLE approvals ADD COLUMN ending TEXT NOT NULL DEFAULT '';

            UPDATE approvals SET ended_at_ms = approved_at_ms, ending = 'It was given under an earlier version of Causeway.';

            ALTER TABLE runs ADD COLUMN is_full BOOLEAN NOT NULL DEFAULT TRUE;

            UPDATE runs SET is_full = FALSE WHERE cause = 'change';
            """
    )
}
