import CausewayJSON
import CausewayMapping
import CausewayModel

/// What the mappings say an object should be in Entra: Graph's property names and values.
struct DesiredObject: Hashable, Sendable {
    /// Secret values are masked here.
    var properties: [String: JSONValue]
    /// The secret values by property path, such as `passwordProfile.password`.
    var secrets: [String: Secret]
    /// The manager that a mapping returns; nil if none returns one.
    var manager: ManagerReference?
    /// What the mappings return and is not sent, and why.
    private(set) var leftOut: [MappingProblem] = []
    /// Warnings about the object.
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

    /// Why a property that the mappings return is not sent; nil if it is sent.
    func problem(of property: String) -> MappingProblem? { leftOut.first { $0.attribute == property } }

    /// Decides whether the account may sign in.
    mutating func resolve(_ enablement: AccountEnablement, isNew: Bool, wasSuspendedByCauseway: Bool) {
        if problem(of: AttributeChange.accountEnabled) == nil, let note = enablement.note(on: properties) {
            notes.append(note)
        }
        properties = enablement.resolved(properties, isNew: isNew, wasSuspendedByCauseway: wasSuspendedByCauseway)
    }
}

extension Outcome {
    /// The outcome of a mapping's problem.
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
