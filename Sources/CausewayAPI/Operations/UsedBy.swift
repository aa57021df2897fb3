import CausewayJSON

/// What would change with an object that is deleted, in authentik's form.
enum UsedBy {
    /// - Parameter action: `cascade`, `cascade_many`, `set_null`, `set_default` or `left_dangling`.
    static func json(_ model: APIModel, _ key: String, _ name: String, _ action: String) -> JSONValue {
        [
            "app": .string(model.app), "model_name": .string(model.name), "pk": .string(key), "name": .string(name),
            "action": .string(action),
        ]
    }
}
