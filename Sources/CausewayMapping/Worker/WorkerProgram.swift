import CausewayJSON

/// The Python program of a worker: its modules, each after those that it imports; the last one serves.
enum WorkerProgram {
    static let bytes = bytes(of: modules)

    /// The program that also checks expressions.
    static let lintingBytes = bytes(
        of: modules.dropLast(2) + [("lint", PackageResources.lint_py), ("migration", PackageResources.migration_py)]
            + modules.suffix(2)
    )

    private static func bytes(of modules: [(String, [UInt8])]) -> [UInt8] {
        JSONValue.array(
            modules.map { name, source in [.string(name), .string(String(decoding: source, as: UTF8.self))] }
        ).bytes
    }

    private static let modules: [(String, [UInt8])] = [
        ("graph_models", PackageResources.graph_models_py),
        ("fields", PackageResources.fields_py),
        ("lookups", PackageResources.lookups_py),
        ("queries", PackageResources.queries_py),
        ("pipe", PackageResources.pipe_py),
        ("records", PackageResources.records_py),
        ("replies", PackageResources.replies_py),
        ("letters", PackageResources.letters_py),
        ("django_text", PackageResources.django_text_py),
        ("django_time", PackageResources.django_time_py),
        ("helpers", PackageResources.helpers_py),
        ("modules", PackageResources.modules_py),
        ("imports", PackageResources.imports_py),
        ("kinds", PackageResources.kinds_py),
        ("isolation", PackageResources.isolation_py),
        ("reach", PackageResources.reach_py),
        ("dependence", PackageResources.dependence_py),
        ("evaluation", PackageResources.evaluation_py),
        ("main", PackageResources.main_py),
    ]
}
