import CausewayModel
import Foundation

extension Transaction {
    /// Who has access now, by what.
    func accessState() throws -> AccessState {
        AccessState(
            tokens: try knownTokens(),
            holders: try holders(),
            superuserGroups: Set(try all("\(Self.superuserGroups) SELECT id FROM super") { try $0.uuid(0) as GroupID })
        )
    }

    private func knownTokens() throws -> [UUID: AccessState.KnownToken] {
        let keys = Dictionary(
            try all("SELECT identifier, key_hash, key_sealed FROM tokens") {
                (try $0.requiredText(0), ($0.blob(1) ?? [], !$0.isNull(2)))
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
            SELECT u.id, u.username, u.is_active, h.role, a.password_hash, a.totp_sealed, a.is_totp_confirmed
            FROM holders h JOIN users u ON u.id = h.user_id LEFT JOIN accounts a ON a.user_id = u.id
            """,
            []
        ) { row in
            let id = UserID(try row.requiredInteger(0))
            let role: AccessRole? = try row.bool(2) ? try row.word(3) : nil
            let credentials = [row.text(4) ?? "", "\(row.blob(5) ?? [])", "\(row.integer(6) ?? 0)"]
            let name = try row.requiredText(1)
            var holder = holders[id] ?? AccessState.Holder(name: name, role: nil, credentials: credentials)
            holder.role = [holder.role, role].compactMap(\.self).max()
            holders[id] = holder
        }
        return holders
    }
}
