import CausewayAPI
import CausewayJSON

/// Asks before the members of a group become administrators of Causeway, and says how many people that are.
struct SuperuserQuestion: Sendable {
    let texts: Texts

    /// What the API says of a group's members.
    private struct ReachView: Decodable {
        let members: Int
        let newAdministrators: Int
    }

    /// - Returns: nil if the group is none of administrators, or was one before.
    @Sendable func question(_ body: [String: JSONValue], _ id: String?, _ request: PageRequest) async throws
        -> FormQuestion?
    {
        guard body["is_superuser"] == true else { return nil }
        var new = 0
        if let id {
            let path = "/core/groups/\(id.urlPathPart)/?include_users=false"
            if try await request.api.get(path, as: GroupView.self).isSuperuser { return nil }
            let reach = "/causeway/groups/\(id.urlPathPart)/reach/"
            new = try await request.api.get(reach, as: ReachView.self).newAdministrators
        }
        return FormQuestion(
            title: texts("superusers.question", ["name": body["name"]?.string ?? ""]),
            consequence: texts("superusers.consequence", count: new),
            submit: texts("superusers.verb")
        )
    }
}
