package import CausewayJSON
package import CausewayModel

/// An object to evaluate, with what a mapping may see of it.
package struct MappingInput: Sendable {
    /// The object itself.
    package enum Subject: Sendable {
        /// A user with the groups it is directly in, and with those plus all groups that they are in.
        case user(User, groups: [Group], allGroups: [Group])
        /// A group with the groups it is directly in.
        case group(Group, parents: [Group])
        /// No object: mappings see a blank user (authentik's test without one).
        case nobody
    }

    package let subject: Subject
    /// The known values of the Entra object, in Graph's names; nil if there is no link yet.
    package let link: ObjectLink?

    package init(_ subject: Subject, link: ObjectLink?) {
        self.subject = subject
        self.link = link
    }
}

/// What the mappings return for an object.
package enum MappingOutcome: Sendable {
    case desired(MappedProperties)
    /// A mapping raised SkipObject: leave the object alone.
    case skipped
    case failed(MappingProblem)
}

/// Graph's property names and values, checked against Graph's types. Secret values are masked.
package struct MappedProperties: Hashable, Sendable {
    package let properties: [String: JSONValue]
    /// The secret values by property path, such as `passwordProfile.password`.
    package let secrets: [String: Secret]
    /// The user that a mapping names as manager; nil if none does.
    package let manager: ManagerReference?
    /// What the mappings return and is not sent, and why, in the order of the result: properties and their members. It stays as it is.
    package let leftOut: [MappingProblem]

    package init(
        properties: [String: JSONValue],
        secrets: [String: Secret],
        manager: ManagerReference? = nil,
        leftOut: [MappingProblem] = []
    ) {
        self.properties = properties
        self.secrets = secrets
        self.manager = manager
        self.leftOut = leftOut
    }

    /// What replaces a secret.
    package static let mask: JSONValue = "********"
}

/// How a mapping names the manager of a user. For Graph the manager is a link, not a property (Graph, user: manager).
package enum ManagerReference: Hashable, Sendable {
    /// No manager.
    case nobody
    /// The user's key in the directory.
    case key(UserID)
    /// The user name, or the address if only one user has it.
    case name(String)
}

/// Why a mapping returned nothing that could be sent.
package struct MappingProblem: Error, Hashable, Sendable {
    /// The mapping at fault; empty if it is all of them together.
    package let mapping: String
    /// The Graph property at fault, if it is one.
    package let attribute: String?
    /// The line of the expression, from 1 on.
    package let line: Int?
    /// The column in that line, from 1 on.
    package let column: Int?
    /// The values of the names in the part at fault, as Python writes them.
    package let values: [String: String]
    /// What is wrong.
    package let message: String
    /// What to do about it.
    package let remedy: String
    /// The rule that a value breaks, or the kind of exception; nil if the message says it and never contains a value.
    package let rule: FailureRule?

    package init(
        mapping: String,
        attribute: String? = nil,
        line: Int? = nil,
        column: Int? = nil,
        values: [String: String] = [:],
        message: String,
        remedy: String,
        rule: FailureRule? = nil
    ) {
        self.mapping = mapping
        self.attribute = attribute
        self.line = line
        self.column = column
        self.values = values
        self.message = message
        self.remedy = remedy
        self.rule = rule
    }

    /// What is wrong and where, in one sentence, with its values. For a value at fault the attribute comes
    /// first, for an expression at fault its place.
    package var sentence: String {
        let values = values.sorted { $0.key < $1.key }.map { "\($0.key) is \($0.value)" }.joined(separator: ", ")
        let what = (attribute == nil ? place : "") + message + (values.isEmpty ? "" : " (\(values))")
        return what.last.map { ".!?".contains($0) } == true ? what : what + "."
    }

    /// The kind of problem, whatever the values.
    package var failureRule: FailureRule { rule ?? FailureRule(title: sentence) }

    private var place: String {
        guard !mapping.isEmpty else { return "" }
        let line = line.map { ", line \($0)" } ?? ""
        return "Mapping '\(mapping)'\(line)\(column.map { ", column \($0)" } ?? ""): "
    }
}
