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
    /// What the mappings give and cannot be sent, and why, by property.
    var leftOut: [String: MappingProblem] = [:]
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
    }

    /// Settles whether the account may sign in.
    mutating func settle(_ signIn: SignIn, isNew: Bool, isBlockedByUs: Bool) {
        if leftOut[SignIn.property] == nil, let note = signIn.note(on: properties) { notes.append(note) }
        properties = signIn.settled(properties, isNew: isNew, isBlockedByUs: isBlockedByUs)
    }
}
