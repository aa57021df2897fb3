package import CausewayJSON
package import CausewayModel

/// An object to evaluate, with what a mapping may see of it.
package struct MappingInput: Sendable {
    /// The object itself.
    package enum Subject: Sendable {
        /// A user with the groups it is directly in, and with those and all that those are in.
        case user(User, groups: [Group], allGroups: [Group])
        /// A group with those it is directly in.
        case group(Group, parents: [Group])
        /// Nobody: mappings see a blank user (authentik's test without one).
        case nobody
    }

    package let subject: Subject
    /// What is known of the Entra object, in Graph's names; nil where there is no connection yet.
    package let link: ObjectLink?

    package init(_ subject: Subject, link: ObjectLink?) {
        self.subject = subject
        self.link = link
    }
}

/// What the mappings make of an object.
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
    /// Whom a mapping names as the user's manager; nil where none speaks of it.
    package let manager: ManagerReference?
    /// What the mappings give and is not sent, and why, in the order of the result: properties, and members of theirs. It stays as it is.
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

    /// What stands in place of a secret.
    package static let mask: JSONValue = "********"
}

/// How a mapping names the manager of a user. Graph links it, it is no property (Graph, user: manager).
package enum ManagerReference: Hashable, Sendable {
    /// Nobody.
    case nobody
    /// The user's key in the directory.
    case key(UserID)
    /// The user name, or the address if only one user has it.
    case name(String)
}

/// Why a mapping gave nothing that could be sent.
package struct MappingProblem: Error, Hashable, Sendable {
    /// The mapping at fault; empty where all of them together are.
    package let mapping: String
    /// The Graph property at fault, if one is.
    package let attribute: String?
    /// The line of the expression, from 1 on.
    package let line: Int?
    /// The column in that line, from 1 on.
    package let column: Int?
    /// What the names of the part at fault stood for, as Python writes it.
    package let values: [String: String]
    /// What is wrong.
    package let message: String
    /// What to do about it.
    package let remedy: String
    /// The rule that a value breaks, or the sort of exception; nil where the message says it and never holds a value.
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

    /// What is wrong and where, in one sentence, with the values that it happened to. A value at fault is told with its attribute
    /// first, an expression at fault with its place first.
    package var sentence: String {
        let values = values.sorted { $0.key < $1.key }.map { "\($0.key) is \($0.value)" }.joined(separator: ", ")
        let what = (attribute == nil ? place : "") + message + (values.isEmpty ? "" : " (\(values))")
        return what.last.map { ".!?".contains($0) } == true ? what : what + "."
    }

    /// What sort of problem it is, whatever the values.
    package var failureRule: FailureRule { rule ?? FailureRule(title: sentence) }

    private var place: String {
        guard !mapping.isEmpty else { return "" }
        let line = line.map { ", line \($0)" } ?? ""
        return "Mapping '\(mapping)'\(line)\(column.map { ", column \($0)" } ?? ""): "
    }
}
