import CausewayJSON

/// What would change if an object is deleted, in authentik's form.
enum UsedBy {
    /// What happens to an object that uses the deleted one.
    enum Action: String {
        /// It is deleted, too.
        case cascade
        /// It stays; the deleted object is removed from those that it uses.
        case cascadeMany = "cascade_many"
        /// It stays, with null instead of the deleted object.
        case setNull = "set_null"
        /// It stays, with the default instead of the deleted object.
        case setDefault = "set_default"
    }

    static func json(_ model: APIModel, _ key: String, _ name: String, _ action: Action) -> JSONValue {
        [
            "app": .string(model.app), "model_name": .string(model.name), "pk": .string(key), "name": .string(name),
            "action": .string(action.rawValue),
        ]
    }
}
