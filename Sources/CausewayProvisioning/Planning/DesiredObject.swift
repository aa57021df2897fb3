import CausewayJSON
import CausewayModel

/// What the mappings say an object should be in Entra: Graph's property names and values.
struct DesiredObject: Hashable, Sendable {
    /// Values that are secret are masked here.
    var properties: [String: JSONValue]
    /// The secret values by property path, such as `passwordProfile.password`.
    var secrets: [String: Secret]

    init(properties: [String: JSONValue], secrets: [String: Secret] = [:]) {
        self.properties = properties
        self.secrets = secrets
    }
}
