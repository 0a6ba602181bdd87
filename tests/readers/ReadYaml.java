import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Asks SnakeYAML what it understands.
 *
 * <p>Reads lines {@code BASE64(yaml) BASE64(expected)} from stdin, as {@code nasty_appspecs --base64} prints them; that
 * program says what the canonical form of the expected value is. Exits with 1 at the first difference and names it.
 */
public final class ReadYaml {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        int count = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            count++;
            String[] parts = line.split(" ");
            String yaml = decoded(parts[0]);
            String expected = decoded(parts[1]);
            String found;
            try {
                found = canonical(new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml));
            } catch (RuntimeException error) {
                found = "cannot read it: " + error;
            }
            if (!found.equals(expected)) {
                System.err.println("line " + count + ": SnakeYAML differs\nfound    " + found + "\nexpected " + expected);
                System.exit(1);
            }
        }
        if (count == 0) {
            System.err.println("no line was read");
            System.exit(1);
        }
        System.out.println(count + " documents, the same in SnakeYAML");
    }

    private static String decoded(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    private static String canonical(Object value) {
        StringBuilder text = new StringBuilder();
        if (value instanceof String string) {
            text.append('s').append(string.length()).append(':').append(string);
        } else if (value instanceof Number) {
            text.append('n').append(value);
        } else if (value instanceof List<?> items) {
            text.append('[');
            items.forEach(item -> text.append(canonical(item)));
            text.append(']');
        } else if (value instanceof Map<?, ?> members) {
            text.append('{');
            members.forEach((key, member) -> text.append(canonical(key)).append(canonical(member)));
            text.append('}');
        } else {
            text.append(value);
        }
        return text.toString();
    }
}
