/// What a column means for a user.
package enum ColumnTarget: Hashable, Sendable {
    case username, email, name, firstName, lastName, isActive
    /// The opposite of active: `Block sign in`.
    case isBlocked
    /// Active Directory's `userAccountControl`, whose second bit disables the account.
    case accountControl
    /// Active or not, by unambiguous words; the meaning of a yes is unknown.
    case state
    case type, path, groups
    /// A key of the user's attributes, for mappings to use.
    case attribute(String)
    /// A password or the like: never read, never stored.
    case secret
    case ignored

    static let simple: [(name: String, target: ColumnTarget)] = [
        ("username", .username), ("email", .email), ("name", .name), ("first_name", .firstName),
        ("last_name", .lastName), ("is_active", .isActive), ("is_blocked", .isBlocked), ("type", .type),
        ("path", .path),
        ("groups", .groups), ("ignore", .ignored),
    ]

    /// Reads the right-hand side of `--map HEADER=TARGET`.
    package init?(_ text: String) {
        if let found = Self.simple.first(where: { $0.name == text }) {
            self = found.target
        } else if text.hasPrefix("attributes."), text.count > "attributes.".count {
            self = .attribute(String(text.dropFirst("attributes.".count)))
        } else {
            return nil
        }
    }

    /// Every form that `--map` takes, for messages.
    package static let forms =
        "username, email, name, first_name, last_name, is_active, is_blocked, type, path, groups, attributes.KEY or ignore"

    /// As in `--map`; in other words if it has none.
    package var text: String {
        switch self {
        case .attribute(let key): "attributes.\(key)"
        case .secret: "secret"
        case .state: "is_active"
        case .accountControl: "is_active"
        default: Self.simple.first { $0.target == self }?.name ?? "ignore"
        }
    }

    /// The target that represents all with the same meaning: there are several ways to say who may sign in.
    var slot: ColumnTarget {
        switch self {
        case .isBlocked, .accountControl, .state: .isActive
        default: self
        }
    }

    /// Whether several columns may have it.
    var isKept: Bool { self != .ignored && self != .secret }
}
