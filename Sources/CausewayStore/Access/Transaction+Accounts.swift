package import CausewayModel

extension Transaction {
    private static let accountColumns = """
        a.user_id, a.password_hash, a.password_changed_at_ms, u.last_login_at_ms, a.totp_sealed, a.is_totp_confirmed,
        a.last_totp_step, a.recovery_code_hashes
        """

    private static let accountTables = "accounts a JOIN users u ON u.id = a.user_id"

    /// What a user signs in with; nil for a user who never could.
    package func account(of user: UserID) throws -> Account? {
        try first(
            "SELECT \(Self.accountColumns) FROM \(Self.accountTables) WHERE a.user_id = ?",
            SQLValue(user),
            as: account
        )
    }

    /// The accounts of users, by their keys.
    func accountsQuery(of users: [UserID]) -> RowQuery<[UserID: Account]> {
        let sql = "SELECT \(Self.accountColumns) FROM \(Self.accountTables) WHERE a.user_id IN"
        return RowQuery(of: users, sql, start: [:]) { accounts, row in
            let account = try account(row)
            accounts[account.user] = account
        }
    }

    private func account(_ row: SQLRow) throws -> Account {
        Account(
            user: try row.id("user_id"),
            passwordHash: try row.text(orNil: "password_hash"),
            passwordChanged: try row.timestamp(orNil: "password_changed_at_ms"),
            lastLogin: try row.timestamp(orNil: "last_login_at_ms"),
            totpSecret: try row.blob(orNil: "totp_sealed").map { try secrets.open($0) },
            isTOTPConfirmed: try row.bool("is_totp_confirmed"),
            lastTOTPStep: try row.integer("last_totp_step"),
            recoveryCodeHashes: try row.text("recovery_code_hashes").split(separator: ",").map(String.init)
        )
    }

    /// Sets a user's password, as its hash.
    package func setPasswordHash(_ hash: String, of user: UserID) throws {
        try makeAccount(user)
        try execute(
            "UPDATE accounts SET password_hash = ?, password_changed_at_ms = ? WHERE user_id = ?",
            .text(hash),
            SQLValue(now),
            SQLValue(user)
        )
    }

    /// Records that a user signed in.
    package func recordLogin(of user: UserID) throws {
        try makeAccount(user)
        try execute("UPDATE users SET last_login_at_ms = ? WHERE id = ?", SQLValue(now), SQLValue(user))
    }

    /// Gives a user an authenticator, or removes it.
    ///
    /// - Parameter secret: in base 32; nil for none.
    package func setTOTP(_ secret: Secret?, isConfirmed: Bool, recoveryCodeHashes: [String], of user: UserID) throws {
        try makeAccount(user)
        try execute(
            """
            UPDATE accounts SET totp_sealed = ?, is_totp_confirmed = ?, last_totp_step = 0, recovery_code_hashes = ?
            WHERE user_id = ?
            """,
            try secret.map { .blob(try secrets.seal($0)) } ?? .null,
            .bool(isConfirmed),
            .text(recoveryCodeHashes.joined(separator: ",")),
            SQLValue(user)
        )
    }

    /// The users with a confirmed authenticator, by user name, with the number of recovery codes that each has left.
    ///
    /// - Parameter user: nil for all users.
    package func authenticators(of user: UserID? = nil) throws
        -> [(user: UserID, username: String, recoveryCodes: Int)]
    {
        try all(
            """
            SELECT u.id, u.username, a.recovery_code_hashes FROM \(Self.accountTables)
            WHERE a.is_totp_confirmed AND u.id = COALESCE(?, u.id) ORDER BY u.username
            """,
            user.map { SQLValue($0) } ?? .null
        ) {
            (
                try $0.id("id"), try $0.text("username"),
                try $0.text("recovery_code_hashes").split(separator: ",").count
            )
        }
    }

    /// Spends the code of a step, and with it those of earlier ones.
    ///
    /// - Returns: false if it, or a later one, was already spent.
    package func spendTOTPStep(_ step: Int64, of user: UserID) throws -> Bool {
        try executeAndCount(
            "UPDATE accounts SET last_totp_step = ? WHERE user_id = ? AND last_totp_step < ?",
            .integer(step),
            SQLValue(user),
            .integer(step)
        ) > 0
    }

    /// Spends a recovery code.
    ///
    /// - Returns: false if there is none with that hash left.
    package func spendRecoveryCode(hash: String, of user: UserID) throws -> Bool {
        guard let before = try account(of: user)?.recoveryCodeHashes, before.contains(hash) else { return false }
        return try executeAndCount(
            "UPDATE accounts SET recovery_code_hashes = ? WHERE user_id = ? AND recovery_code_hashes = ?",
            .text(before.filter { $0 != hash }.joined(separator: ",")),
            SQLValue(user),
            .text(before.joined(separator: ","))
        ) > 0
    }

    /// How a user wants to read the interface.
    package func preferences(of user: UserID) throws -> AccountPreferences {
        try first("SELECT language, time_zone FROM accounts WHERE user_id = ?", SQLValue(user)) { row in
            AccountPreferences(
                language: try row.text(orNil: "language").flatMap(Language.init(rawValue:)),
                timeZone: try row.text(orNil: "time_zone")
            )
        } ?? AccountPreferences()
    }

    package func setPreferences(_ preferences: AccountPreferences, of user: UserID) throws {
        try makeAccount(user)
        try execute(
            "UPDATE accounts SET language = ?, time_zone = ? WHERE user_id = ?",
            preferences.language.map { .text($0.rawValue) } ?? .null,
            preferences.timeZone.map { .text($0) } ?? .null,
            SQLValue(user)
        )
    }

    /// A code with which this server recognizes a text that it wrote itself.
    package func authenticationCode(of text: String) -> [UInt8] { secrets.authenticationCode(of: text) }

    private func makeAccount(_ user: UserID) throws {
        try execute("INSERT INTO accounts (user_id) VALUES (?) ON CONFLICT (user_id) DO NOTHING", SQLValue(user))
    }
}
