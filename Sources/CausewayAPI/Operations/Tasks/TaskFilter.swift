import CausewayJSON

/// The filters that schedules and tasks have in common.
struct TaskFilter: Sendable {
    private let wanted: [(field: String, value: String)]
    private let isUnrelated: Bool?

    init(_ query: APIValues) {
        wanted = [
            ("actor_name", "actor_name"), ("rel_obj_content_type__app_label", "rel_obj_app_label"),
            ("rel_obj_content_type__model", "rel_obj_model"), ("rel_obj_id", "rel_obj_id"),
            ("queue_name", "queue_name"),
        ].compactMap { parameter, field in query.text(parameter).map { (field, $0) } }
        isUnrelated = query.bool("rel_obj_id__isnull")
    }

    func accepts(_ object: JSONValue) -> Bool {
        wanted.allSatisfy { object[$0.field]?.string == $0.value }
            && (isUnrelated.map { $0 == (object["rel_obj_id"]?.string == nil) } ?? true)
    }
}
