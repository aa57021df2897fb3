import CausewayJSON
import CausewayMapping
import CausewayModel

/// What the mappings say an object should be in Entra: Graph's property names and values.
struct DesiredObject: Hashable, Sendable {
    /// Values that are secret are masked here.
    var properties: [String: JSONValue]
    /// The secret values by property path, such as `passwordProfile.password`.
    var secrets: [String: Secret]
    /// Whom a mapping names as the manager; nil where none speaks of it.
    var manager: ManagerReference?
    /// What the mappings give and is not sent, and why.
    private(set) var leftOut: [MappingProblem] = []
    /// What people should know of it.
    var notes: [String] = []

    init(properties: [String: JSONValue], secrets: [String: Secret] = [:], manager: ManagerReference? = nil) {
        self.properties = properties
        self.secrets = secrets
        self.manager = manager
    }

    init(_ mapped: MappedProperties) {
        self.init(properties: mapped.properties, secrets: mapped.secrets, manager: mapped.manager)
        leftOut = mapped.leftOut
        notes = leftOut.map(\.asLeftOut)
    }

    /// Why a property that the mappings give is not sent; nil where it is.
    func problem(of property: String) -> MappingProblem? { leftOut.first { $0.attribute == property } }

    /// Settles whether the account may sign in.
    mutating func resolveSignIn(_ signIn: SignIn, isNew: Bool, isBlockedByUs: Bool) {
        if problem(of: AttributeChange.signIn) == nil, let note = signIn.note(on: properties) { notes.append(note) }
        properties = signIn.resolved(properties, isNew: isNew, isBlockedByUs: isBlockedByUs)
    }
}

extension Outcome {
    /// What a problem of a mapping comes to.
    init(_ problem: MappingProblem) {
        self.init(
            .failed,
            message: problem.sentence,
            remedy: problem.remedy,
            attribute: problem.attribute,
            rule: problem.failureRule
        )
    }
}
