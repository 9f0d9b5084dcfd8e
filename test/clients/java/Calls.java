// Arguments: the address of the API, the write key, the user, when they signed up.

import com.segment.analytics.Analytics;
import com.segment.analytics.Callback;
import com.segment.analytics.messages.AliasMessage;
import com.segment.analytics.messages.GroupMessage;
import com.segment.analytics.messages.IdentifyMessage;
import com.segment.analytics.messages.Message;
import com.segment.analytics.messages.PageMessage;
import com.segment.analytics.messages.ScreenMessage;
import com.segment.analytics.messages.TrackMessage;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

public class Calls {
  public static void main(String[] args) throws Exception {
    String user = args[2];
    CountDownLatch answered = new CountDownLatch(6);
    AtomicInteger failed = new AtomicInteger();
    Callback callback =
        new Callback() {
          public void success(Message message) {
            answered.countDown();
          }

          public void failure(Message message, Throwable error) {
            System.err.println(error);
            failed.incrementAndGet();
            answered.countDown();
          }
        };
    Analytics analytics = Analytics.builder(args[1]).endpoint(args[0]).callback(callback).build();
    analytics.enqueue(
        IdentifyMessage.builder().userId(user).traits(Map.of("email", "ada@example.com", "plan", "free")));
    analytics.enqueue(
        TrackMessage.builder("Signed Up")
            .userId(user)
            .properties(Map.of("plan", "free"))
            .timestamp(Date.from(Instant.parse(args[3]))));
    analytics.enqueue(PageMessage.builder("Pricing").userId(user));
    analytics.enqueue(ScreenMessage.builder("Home").userId(user));
    analytics.enqueue(GroupMessage.builder("acme").userId(user).traits(Map.of("name", "Acme")));
    analytics.enqueue(AliasMessage.builder("before " + user).userId(user));
    analytics.flush();
    boolean all = answered.await(60, TimeUnit.SECONDS);
    analytics.shutdown();
    System.exit(all && failed.get() == 0 ? 0 : 1);
  }
}
