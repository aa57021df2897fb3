/// An enumeration whose raw values are the values of a field.
package protocol FieldWord: RawRepresentable<String>, CaseIterable, Sendable {}

extension FieldWord {
    /// All values, in their order.
    package static var words: [String] { allCases.map(\.rawValue) }
}

/// The type of a field.
package enum FieldKind: Sendable {
    case text(isRequired: Bool)
    case flag
    case whole(ClosedRange<Int>)
    case choice(any FieldWord.Type)
    case choices(any FieldWord.Type)
    case reference
    case references
    case attributes
    /// A text with a secret: the database has it sealed, and answers have it without the secret.
    case sealed
}

/// What a change of a field affects.
package enum FieldEffect: Sendable {
    /// Plans: the change requests a full sync and ends the approvals of earlier plans.
    case plan
    /// What a run does with its plan: the change requests a full sync.
    case run
    /// Nothing in the tenant.
    case nothing
}

/// Where a form shows a field, and how. ``Field/form(_:after:as:isOptional:standard:words:preselected:derivedFrom:)`` explains each part.
package struct FormPlace: Sendable {
    /// How a text is entered.
    package enum Input: Sendable {
        case line, email, lines
        /// Python.
        case code
    }

    package let group: String
    package let predecessor: String?
    package let input: Input
    package let isOptional: Bool?
    package let standard: String?
    package let words: [String]?
    package let preselected: String?
    package let derivedFrom: String?
}

/// The command line option that sets a field.
package struct CommandOption: Sendable {
    /// The heading in the help.
    package enum Section: Sendable {
        /// Of a provider.
        case scope, matching, endpoints, policy
        /// Of a user or a group.
        case profile
    }

    package let section: Section
    /// Without leading hyphens.
    package let name: String
    package let help: String

    static let attributeHelp =
        "A further value for mappings: NAME=TEXT, NAME:=JSON, or NAME= to remove it. May be repeated."
}
