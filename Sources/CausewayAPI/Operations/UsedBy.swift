import CausewayJSON

/// What would change with an object that is deleted, in authentik's form.
enum UsedBy {
    /// What becomes of an object that uses another when that one is deleted.
    enum Action: String {
        /// It is deleted, too.
        case cascade
        /// It stays; what is deleted is no longer among the several that it uses.
        case cascadeMany = "cascade_many"
        /// It stays, with nothing in the place of what is deleted.
        case setNull = "set_null"
        /// It stays, with what stands there where nothing is said.
        case setDefault = "set_default"
    }

    static func json(_ model: APIModel, _ key: String, _ name: String, _ action: Action) -> JSONValue {
        [
            "app": .string(model.app), "model_name": .string(model.name), "pk": .string(key), "name": .string(name),
            "action": .string(action.rawValue),
        ]
    }
}
