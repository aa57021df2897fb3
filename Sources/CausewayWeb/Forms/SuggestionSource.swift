/// Where a script finds objects to suggest while a person types a name.
struct SuggestionSource: TemplateValue {
    /// The API's list, with its query.
    let list: String
    /// The member that is entered.
    let value: String
    /// A member that tells objects apart.
    var further: String?

    /// Users by their user names.
    static let users = SuggestionSource(
        list: "/api/v3/core/users/?include_groups=false&include_roles=false&ordering=username",
        value: "username",
        further: "name"
    )

    /// Groups by their names.
    static let groups = SuggestionSource(list: "/api/v3/core/groups/?include_users=false&ordering=name", value: "name")
}

extension SuggestionSource {
    init(_ source: ObjectSource) { self.init(list: "/api/v3\(source.list)", value: source.label) }
}
