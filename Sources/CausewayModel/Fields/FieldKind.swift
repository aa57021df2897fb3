/// An enumeration whose words are values of a field.
package protocol FieldWord: RawRepresentable<String>, CaseIterable, Sendable {}

extension FieldWord {
    /// All words in their order.
    package static var words: [String] { allCases.map(\.rawValue) }
}

/// What a field holds.
package enum FieldKind: Sendable {
    case text(isRequired: Bool)
    case flag
    case whole(ClosedRange<Int>)
    case choice(any FieldWord.Type)
    case choices(any FieldWord.Type)
    case reference
    case references
    case attributes
    /// A text that holds a secret: it is stored sealed, and shown without the secret.
    case sealed
}

/// What a change of a field changes.
package enum FieldEffect: Sendable {
    /// What is planned: a sync is asked for, and approvals of earlier plans end.
    case plan
    /// What a run does with its plan: a sync is asked for.
    case run
    /// Nothing in the tenant.
    case nothing
}

/// Where a form shows a field.
package struct FormPlace: Sendable {
    /// The group's key in the catalogue of texts; empty for the group without a heading.
    package let group: String
    package let standard: String?
    package let words: [String]?
    package let preselected: String?
}

/// The option of the command line that sets a field.
package struct CommandOption: Sendable {
    /// The heading in the help.
    package enum Section: Sendable {
        case scope, matching, endpoints, policy
    }

    package let section: Section
    /// Without the hyphens before it.
    package let name: String
    package let help: String
}
