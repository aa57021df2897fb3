import CausewayJSON

/// Decides whether values of a form need a confirmation. Takes the body that would be saved, and the object's key unless the object is
/// new.
typealias FormConfirmation =
    @Sendable (_ body: [String: JSONValue], _ id: String?, PageRequest) async throws -> FormQuestion?

/// What a person is asked before the values of a form are saved.
struct FormQuestion: Sendable {
    let title: String
    let consequence: String
    /// The label of the button.
    let submit: String
}
