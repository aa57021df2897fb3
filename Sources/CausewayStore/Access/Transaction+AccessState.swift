import CausewayModel
import Foundation

extension Transaction {
    /// All present access of users and tokens.
    func accessState() throws -> AccessState {
        AccessState(
            tokens: try knownTokens(),
            holders: try holders(),
            superuserGroups: Set(try all("\(Self.superuserGroups) SELECT id FROM super") { try $0.id("id") as GroupID })
        )
    }

    private func knownTokens() throws -> [UUID: AccessState.KnownToken] {
        let keys = Dictionary(
            try all("SELECT identifier, key_hash, key_sealed FROM tokens") {
                (try $0.text("identifier"), (try $0.blob("key_hash"), !(try $0.isNull("key_sealed"))))
            },
            uniquingKeysWith: { $1 }
        )
        let known = try tokens().map { token in
            let (hash, isKept) = keys[token.identifier] ?? ([], false)
            return (token.id, AccessState.KnownToken(token: token, keyHash: hash, isKeyKept: isKept))
        }
        return Dictionary(known, uniquingKeysWith: { $1 })
    }

    private func holders() throws -> [UserID: AccessState.Holder] {
        var holders: [UserID: AccessState.Holder] = [:]
        try connection.query(
            """
            \(Self.superuserGroups), holders (user_id, role) AS (
                SELECT user_id, role FROM user_roles
                UNION SELECT m.user_id, 'administrator' FROM memberships m JOIN super s ON s.id = m.group_id
            )
            SELECT u.id, u.username, u.is_active, h.role, a.password_hash, a.totp_sealed,
                COALESCE(a.is_totp_confirmed, FALSE) AS is_totp_confirmed
            FROM holders h JOIN users u ON u.id = h.user_id LEFT JOIN accounts a ON a.user_id = u.id
            """,
            []
        ) { row in
            let id: UserID = try row.id("id")
            let role: AccessRole? = try row.bool("is_active") ? try row.word("role") : nil
            let credentials = [
                try row.text(orNil: "password_hash") ?? "", "\(try row.blob(orNil: "totp_sealed") ?? [])",
                "\(try row.bool("is_totp_confirmed"))",
            ]
            let name = try row.text("username")
            var holder = holders[id] ?? AccessState.Holder(name: name, role: nil, credentials: credentials)
            holder.role = [holder.role, role].compactMap(\.self).max()
            holders[id] = holder
        }
        return holders
    }
}
