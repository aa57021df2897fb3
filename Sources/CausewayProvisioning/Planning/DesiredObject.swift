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

    init(properties: [String: JSONValue], secrets: [String: Secret] = [:], manager: ManagerReference? = nil) {
        self.properties = properties
        self.secrets = secrets
        self.manager = manager
    }
}
