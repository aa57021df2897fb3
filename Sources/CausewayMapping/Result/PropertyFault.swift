import CausewayModel

/// What is wrong with a value, before the mapping that returned it is known.
struct PropertyFault: Error {
    /// The path in Graph's spelling: `mailNickname`, `passwordProfile.password`.
    let attribute: String
    let message: String
    let remedy: String
    /// The rule that it breaks.
    let rule: FailureRule
    /// Whether the rest of the object is sent without the value, unless a setting says otherwise.
    let isLeftOut: Bool

    /// Whether the value is of a type that its property does not take.
    var isAboutType: Bool { rule.id.hasPrefix("type:") }

    /// A fault in a fixed sentence, which contains no value.
    init(attribute: String, message: String, remedy: String, isLeftOut: Bool = false) {
        self.attribute = attribute
        self.message = message
        self.remedy = remedy
        self.isLeftOut = isLeftOut
        rule = FailureRule(title: message)
    }

    /// A value that breaks a rule.
    ///
    /// - Parameters:
    ///   - value: in a form that a person recognizes; nil if it is secret or long.
    ///   - rule: the rule's name, the same whatever the value: `character:@`.
    ///   - complaint: what is wrong, to follow attribute and value: `contains '@', which Entra ID does not allow.`
    ///   - general: the same without details of this value.
    init(
        _ attribute: String,
        _ value: String? = nil,
        rule: String,
        _ complaint: String,
        general: String? = nil,
        remedy: String,
        isLeftOut: Bool = false
    ) {
        self.attribute = attribute
        self.message = "\(attribute)\(value.map { " '\($0)'" } ?? "") \(complaint)"
        self.remedy = remedy
        self.isLeftOut = isLeftOut
        self.rule = FailureRule(rule, title: "\(attribute) \(general ?? complaint)")
    }
}
