/// What a column says of a user.
package enum ColumnTarget: Hashable, Sendable {
    case username, email, name, firstName, lastName, isActive
    /// The opposite of active: `Block sign in`.
    case isBlocked
    case type, path, groups
    /// A key of the user's attributes, for mappings to use.
    case attribute(String)
    /// A password or the like: never read, never kept.
    case secret
    case ignored

    /// Reads the right-hand side of `--map HEADER=TARGET`.
    package init?(_ text: String) {
        let simple: [String: ColumnTarget] = [
            "username": .username, "email": .email, "name": .name, "first_name": .firstName, "last_name": .lastName,
            "is_active": .isActive, "is_blocked": .isBlocked, "type": .type, "path": .path, "groups": .groups,
            "ignore": .ignored,
        ]
        if let target = simple[text] {
            self = target
        } else if text.hasPrefix("attributes."), text.count > "attributes.".count {
            self = .attribute(String(text.dropFirst("attributes.".count)))
        } else {
            return nil
        }
    }

    /// Every form that `--map` takes, for messages.
    package static let forms =
        "username, email, name, first_name, last_name, is_active, is_blocked, type, path, groups, attributes.KEY or ignore"
}
