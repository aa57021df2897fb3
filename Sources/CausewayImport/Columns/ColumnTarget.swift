/// What a column says of a user.
package enum ColumnTarget: Hashable, Sendable {
    case username, email, name, firstName, lastName, isActive
    /// The opposite of active: `Block sign in`.
    case isBlocked
    /// Active Directory's `userAccountControl`, whose second bit blocks.
    case accountControl
    /// Active or not, by words that tell of themselves; what a yes means is not known.
    case state
    case type, path, groups
    /// A key of the user's attributes, for mappings to use.
    case attribute(String)
    /// A password or the like: never read, never kept.
    case secret
    case ignored

    private static let simple: [(name: String, target: ColumnTarget)] = [
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

    /// As `--map` has it; what it has no word for in other words.
    package var text: String {
        switch self {
        case .attribute(let key): "attributes.\(key)"
        case .secret: "secret"
        case .state: "is_active"
        case .accountControl: "is_active"
        default: Self.simple.first { $0.target == self }?.name ?? "ignore"
        }
    }

    /// The target that stands for all that say the same: there are several ways to say who may sign in.
    var slot: ColumnTarget {
        switch self {
        case .isBlocked, .accountControl, .state: .isActive
        default: self
        }
    }

    /// Whether several columns may have it.
    var isKept: Bool { self != .ignored && self != .secret }
}
